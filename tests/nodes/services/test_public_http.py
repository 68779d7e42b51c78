from __future__ import annotations

import pytest

from flowloom.nodes.services.public_http import PrivateAddress, is_public, resolve

PRIVATE = [
    "127.0.0.1", "127.9.9.9", "10.0.0.1", "172.16.0.1", "192.168.1.1", "169.254.169.254", "0.0.0.0", "100.64.0.1",
    "224.0.0.1", "255.255.255.255", "192.0.0.8", "198.18.0.1", "::1", "::", "fe80::1", "fc00::1", "fd12::1",
    "ff02::1", "::ffff:127.0.0.1", "::ffff:10.1.2.3", "2002:7f00:1::", "64:ff9b::7f00:1", "fe80::1%eth0",
]


@pytest.mark.parametrize("address", PRIVATE)
def test_private_addresses_in_every_form(address):
    assert not is_public(address)


@pytest.mark.parametrize("address", ["8.8.8.8", "1.1.1.1", "2606:4700::1111", "64:ff9b::808:808"])
def test_public_addresses(address):
    assert is_public(address)


@pytest.mark.parametrize(
    "host", ["localhost", "127.1", "0x7f000001", "2130706433", "0177.0.0.1", "0", "[::1]".strip("[]")]
)
async def test_names_and_odd_spellings_of_this_computer(host):
    with pytest.raises(PrivateAddress):
        await resolve(host, 80, allow_private=False)
    assert await resolve(host, 80, allow_private=True)
