"""A Discord bot that names the faces on pictures posted with `!who`. Needs `pip install discord.py`, and a server:

python -m core serve --workspace W
DISCORD_TOKEN=... python examples/discord_bot.py
"""

import os

import discord
import httpx

SERVER = os.environ.get("WHOAMI_SERVER", "http://127.0.0.1:8000")
HEADERS = {"Authorization": f"Bearer {os.environ['WHOAMI_TOKEN']}"} if "WHOAMI_TOKEN" in os.environ else {}
intents = discord.Intents.default()
intents.message_content = True
bot = discord.Client(intents=intents)


@bot.event
async def on_message(message: discord.Message) -> None:
    if message.author.bot or not message.content.startswith("!who"):
        return
    files = [("pictures", (a.filename, await a.read())) for a in message.attachments[:8]]
    if not files:
        await message.reply("Attach a picture.")
        return
    async with httpx.AsyncClient(timeout=60) as client:
        answer = await client.post(f"{SERVER}/v1/recognise", files=files, headers=HEADERS)
    if answer.status_code != 200:
        await message.reply(answer.json().get("detail", "The server could not answer."))
        return
    faces = [face for picture in answer.json() for face in picture["faces"]]
    names = [f"{face['character'] or 'unknown'} ({face['verdict']})" for face in faces]
    await message.reply(", ".join(names) or "No face found.")


if __name__ == "__main__":
    bot.run(os.environ["DISCORD_TOKEN"])
