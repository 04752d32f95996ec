"""Search services in their real wire formats: Bing, DuckDuckGo, Danbooru, a Gelbooru 0.2 board, Google's page."""

from __future__ import annotations

import html
import json

from tests.stand_in.server import Answer, Request, StandIn, page


def json_answer(value, **values) -> Answer:
    return Answer(json.dumps(value).encode(), kind="application/json; charset=utf-8", **values)


def add_bing(server: StandIn, results: dict[str, list[str]]) -> None:
    """`/images/async`: an HTML fragment, one block a picture with its facts as JSON in the attribute `m`."""

    def answer(request: Request) -> Answer:
        first, count = int(request.parameters["first"]) - 1, int(request.parameters["count"])
        blocks = []
        for n, url in enumerate(results.get(request.parameters["q"], [])[first : first + count], first):
            facts = {"purl": f"https://site.example/page{n}.html", "murl": url, "turl": "https://th.example/t.jpg"}
            facts |= {"t": f"A picture, number {n}", "mid": "0", "desc": ""}
            blocks.append(
                f'<div class="iuscp isv"><div class="imgpt"><a class="iusc" m="{html.escape(json.dumps(facts))}" '
                f'href="/images/search?id={n}"><div class="img_cont"><img class="mimg" src="https://th.example/t.jpg">'
                f'</div></a><div class="img_info hon"><span class="nowrap">1280 × 720 · jpeg</span></div></div>'
                f'<div class="infopt"><div class="lnkw"><a href="https://site.example">site.example</a></div></div></div>'
            )
        return page(f'<div class="dgControl hover">{"".join(blocks)}</div>')

    server.add("/images/async", answer)


def add_duckduckgo(server: StandIn, results: dict[str, list[str]]) -> None:
    """`/?q=` holds the search token, `/i.js` answers JSON, a hundred a page."""

    def home(request: Request) -> Answer:
        if request.path != "/":
            return page("not found", status=404)
        return page(
            '<html><script>DDG.ready(nrj("/d.js?q=x&vqd=4-1234567890&kl=wt-wt"))</script>vqd="4-1234567890"</html>'
        )

    def answer(request: Request) -> Answer:
        if request.parameters.get("vqd") != "4-1234567890":
            return page("If this error persists, please let us know", status=403)
        start = int(request.parameters.get("s", 0))
        found = results.get(request.parameters["q"], [])[start : start + 100]
        rows = [
            {
                "height": 720,
                "width": 1280,
                "image": url,
                "image_token": "x",
                "source": "Bing",
                "thumbnail": "https://th/t",
            }
            | {"thumbnail_token": "y", "title": f"Picture {n}", "url": f"https://site.example/page{n}.html"}
            for n, url in enumerate(found, start)
        ]
        return json_answer({"ads": None, "next": "i.js?q=x&s=100", "query": request.parameters["q"], "results": rows})

    server.add("/", home)
    server.add("/i.js", answer)


def add_danbooru(server: StandIn, posts: dict[str, list[dict]], login: str = "", most: int = 2) -> None:
    """`/posts.json`: a list of posts; errors are objects with success, error and message."""

    def answer(request: Request) -> Answer:
        if login and request.headers.get("authorization") != login:
            return json_answer({"success": False, "error": "SessionLoader::AuthenticationFailure"}, status=401)
        tags = request.parameters["tags"].split()
        plain = [tag for tag in tags if not tag.startswith("rating:")]  # ratings do not count
        if len(plain) > most:
            facts = {
                "success": False,
                "error": "PostQuery::TagLimitError",
                "message": "You cannot search for more than 2 tags",
            }
            return json_answer(facts, status=422)
        wanted = [p for p in posts.get(tags[0], []) if "rating:general" not in tags or p["rating"] == "g"]
        wanted = [p for p in wanted if set(plain[1:]) <= set(p["tag_string"].split())]
        size, number = int(request.parameters["limit"]), int(request.parameters.get("page", 1))
        return json_answer(wanted[(number - 1) * size : number * size])

    server.add("/posts.json", answer)


def danbooru_post(number: int, url: str, **values) -> dict:
    """A post with the fields that Danbooru sends and that are read here."""
    return {
        "id": number,
        "created_at": "2024-05-01T10:00:00.000-04:00",
        "score": 3,
        "source": f"https://www.pixiv.net/artworks/{number}",
        "md5": f"{number:032x}",
        "rating": "g",
        "image_width": 96,
        "image_height": 96,
        "tag_string": "1girl hinata_shouyou haikyuu!!",
        "file_ext": "jpg",
        "parent_id": None,
        "tag_string_artist": "some_artist",
        "tag_string_character": "hinata_shouyou",
        "file_url": url,
        "large_file_url": url,
    } | values


def add_safebooru(server: StandIn, posts: dict[str, list[dict]]) -> None:
    """`/index.php?page=dapi`: a list of posts, or an empty body where nothing has the tag."""

    def answer(request: Request) -> Answer:
        size, number = int(request.parameters["limit"]), int(request.parameters["pid"])
        first, *more = request.parameters["tags"].split()
        found = [p for p in posts.get(first, []) if set(more) <= set(p["tags"].split())]
        found = found[number * size : (number + 1) * size]
        return json_answer(found) if found else Answer(b"", kind="application/json")

    server.add("/index.php", answer)


def safebooru_post(number: int, url: str, **values) -> dict:
    return {
        "preview_url": url,
        "sample_url": url,
        "file_url": url,
        "directory": 12,
        "hash": f"{number:032x}",
        "width": 96,
        "height": 96,
        "id": number,
        "image": f"{number:032x}.jpg",
        "change": 1714560000,
        "owner": "danbooru",
        "parent_id": 0,
        "rating": "safe",
        "sample": False,
        "score": 1,
        "tags": "1girl blue_hair",
        "source": "",
        "status": "active",
    } | values


def add_gelbooru(server: StandIn, posts: dict[str, list[dict]], login: tuple[str, str] = ("", "")) -> None:
    """`/index.php?page=dapi` as gelbooru.com answers: an object with the count, without `post` where there is none."""

    def answer(request: Request) -> Answer:
        given = (request.parameters.get("user_id", ""), request.parameters.get("api_key", ""))
        if given != login:
            return json_answer("Missing authentication", status=401)
        size, number = int(request.parameters["limit"]), int(request.parameters["pid"])
        first, *more = request.parameters["tags"].split()
        ratings = [tag.removeprefix("rating:") for tag in more if tag.startswith("rating:")]
        tags = {tag for tag in more if not tag.startswith("rating:")}
        found = [p for p in posts.get(first, []) if tags <= set(p["tags"].split())]
        found = [p for p in found if not ratings or p["rating"] in ratings]
        page = found[number * size : (number + 1) * size]
        facts = {"@attributes": {"limit": size, "offset": number * size, "count": len(found)}}
        return json_answer(facts | ({"post": page} if page else {}))

    server.add("/index.php", answer)


def gelbooru_post(number: int, url: str, **values) -> dict:
    """A post with the fields that gelbooru.com sends."""
    return {
        "id": number,
        "created_at": "Wed May 01 10:00:00 -0500 2024",
        "score": 3,
        "width": 96,
        "height": 96,
        "md5": f"{number:032x}",
        "directory": "ab/cd",
        "image": f"{number:032x}.jpg",
        "rating": "general",
        "source": f"https://www.pixiv.net/artworks/{number}",
        "change": 1714560000,
        "owner": "somebody",
        "creator_id": 9,
        "parent_id": 0,
        "sample": 0,
        "preview_url": url,
        "sample_url": "",
        "file_url": url,
        "tags": "1girl blue_hair",
        "title": "",
        "status": "active",
    } | values


def add_moebooru(server: StandIn, posts: dict[str, list[dict]]) -> None:
    """`/post.json`: a list of posts, [] where nothing has the tag."""

    def answer(request: Request) -> Answer:
        size, number = int(request.parameters["limit"]), int(request.parameters["page"])
        first, *more = request.parameters["tags"].split()
        tags = {tag for tag in more if not tag.startswith("rating:")}
        found = [p for p in posts.get(first, []) if tags <= set(p["tags"].split())]
        found = [p for p in found if "rating:safe" not in more or p["rating"] == "s"]
        return json_answer(found[(number - 1) * size : number * size])

    server.add("/post.json", answer)


def moebooru_post(number: int, url: str, **values) -> dict:
    """A post with the fields that yande.re sends."""
    return {
        "id": number,
        "tags": "blue_hair seifuku",
        "created_at": 1714560000,
        "creator_id": 9,
        "author": "uploader",
        "change": 1,
        "source": f"https://i.pximg.net/{number}.png",
        "score": 3,
        "md5": f"{number:032x}",
        "file_size": 1000,
        "file_url": url,
        "preview_url": url,
        "sample_url": url,
        "jpeg_url": url,
        "rating": "s",
        "has_children": False,
        "parent_id": None,
        "status": "active",
        "width": 96,
        "height": 96,
    } | values


def add_google(server: StandIn, results: list[str]) -> None:
    """`/search`: the page of the image tab, with its facts in a script as Google writes them."""

    def answer(request: Request) -> Answer:
        rows = []
        for n, url in enumerate(results):
            address = url.replace("=", "\\u003d").replace("&", "\\u0026")
            thumbnail = f"https://encrypted-tbn0.gstatic.com/images?q\\u003dtbn:{n}"
            about = f'"2003":[null,"doc{n}","https://site.example/page{n}.html","Title {n} \\u0026 more",null,null]'
            rows.append(
                f'[1,[0,"doc{n}",["{thumbnail}",183,275],["{address}",720,1280],null,0,"rgb(200,190,180)",null,0,'
                f'{{"2000":[null,"site.example","81KB"],{about},"2008":[null,"Title {n}"]}}]]'
            )
        script = f"AF_initDataCallback({{key: 'ds:1', hash: '2', data:[{','.join(rows)}], sideChannel: {{}}}});"
        return page(
            f"<!doctype html><html><head><title>{html.escape(request.parameters.get('q', ''))} - Google Search</title>"
            f'</head><body><h1>Images</h1><script nonce="x">{script}</script></body></html>'
        )

    server.add("/search", answer)
