import asyncio


async def answer(question: str):
    await asyncio.sleep(0)
    return {"answer": question.upper()}
