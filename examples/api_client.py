"""Ask a running server who is on a picture: python examples/api_client.py PICTURE [ADDRESS] [TOKEN]"""

import sys
from pathlib import Path

import httpx

picture, address, token = (*sys.argv[1:], "http://127.0.0.1:8000", "")[:3]
headers = {"Authorization": f"Bearer {token}"} if token else {}
files = {"pictures": (Path(picture).name, Path(picture).read_bytes())}
for answer in httpx.post(f"{address}/v1/recognise", files=files, headers=headers, timeout=60).raise_for_status().json():
    for face in answer["faces"]:
        sys.stdout.write(f"{face['verdict']}: {face['character'] or '?'} ({face['reason']})\n")
