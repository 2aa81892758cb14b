"""The bot's connections to Telegram come back, whatever becomes of who asked for them."""

import asyncio

import pytest
from telegram import Bot

from bot.telegram.updates.network import WholeRequest
from tests.telegram.fake import TOKEN, FakeTelegram

pytestmark = pytest.mark.usefixtures("loopback")

_MOMENTS = [0.0, 0.0002, 0.0005, 0.001, 0.002, 0.005]
"""Seconds after which a request is cancelled: while it waits for a connection, connects, sends, or hears."""


def bot_of(fake: FakeTelegram, request: WholeRequest) -> Bot:
    return Bot(TOKEN, fake.environment["WENJU_TELEGRAM__BASE_URL"], request=request)


async def cancelled(bot: Bot, seconds: float) -> None:
    asking = asyncio.create_task(bot.get_me())
    await asyncio.sleep(seconds)
    asking.cancel()
    await asyncio.gather(asking, return_exceptions=True)


def test_a_cancelled_request_costs_no_connection(fake: FakeTelegram) -> None:
    """One is cancelled with most answers: that somebody is typing is told until there is one."""

    async def run() -> None:
        async with bot_of(fake, WholeRequest(connection_pool_size=4, pool_timeout=5)) as bot:
            for _ in range(20):
                await asyncio.gather(*(cancelled(bot, seconds) for seconds in _MOMENTS))
            users = await asyncio.gather(*(bot.get_me() for _ in range(8)))
            assert len({user.id for user in users}) == 1
        assert asyncio.all_tasks() == {asyncio.current_task()}

    asyncio.run(run())


def test_a_request_that_nobody_waits_for_does_not_hold_up_the_end(fake: FakeTelegram) -> None:
    async def run() -> None:
        async with asyncio.timeout(20), bot_of(fake, WholeRequest(read_timeout=60)) as bot:
            fake.trouble("getMe", "slow", seconds=60)
            await cancelled(bot, 0.5)
            assert not fake.troubles, "it has arrived"
        assert asyncio.all_tasks() == {asyncio.current_task()}

    asyncio.run(run())
