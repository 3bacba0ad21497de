"""The page without code against visitors who want more than the page."""

import asyncio
import json
import re
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import pytest
from tornado.httpclient import HTTPClientError, HTTPRequest
from tornado.websocket import websocket_connect

HOST = "127.0.0.1"
# As for an address of a network, which asks for the link, but on this machine alone.
WITH_LINK = """
from antq_helpers import serving
configure = serving.configure
def with_link(**told):
    settings = configure(**told)
    settings.Voila.token = "the-link"
    return settings
serving.configure = with_link
serving.serve(port={port}, browser=False)
"""


@contextmanager
def running(command, port):
    """Serve while something is tried."""
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        for _ in range(300):
            with socket.socket() as knock:
                if knock.connect_ex((HOST, port)) == 0:
                    break
            time.sleep(0.1)
        yield f"http://{HOST}:{port}"
    finally:
        server.terminate()
        server.wait(timeout=20)


def free_port():
    """Return a port that nobody uses."""
    with socket.socket() as free:
        free.bind((HOST, 0))
        return free.getsockname()[1]


@pytest.fixture(scope="module")
def address():
    """The address of the page, served for two visitors."""
    port = free_port()
    command = [sys.executable, "-m", "antq_helpers", "app", "--port", str(port), "--no-browser"]
    with running([*command, "--visitors", "2"], port) as found:
        yield found


class _Stay(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_):
        return None


def ask(address, data=None, **headers):
    """Return status and text of an answer; follow no redirection."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    request = urllib.request.Request(address, data=data, headers=named)
    try:
        with urllib.request.build_opener(_Stay).open(request, timeout=60) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as refused:
        with refused:
            return refused.code, refused.read().decode(errors="replace")


@pytest.fixture(scope="module")
def program(address):
    """The number of the program behind a page that is open."""
    _, text = ask(address)
    return re.search(r'"kernelId": "([0-9a-f-]{36})"', text)[1]


@pytest.mark.parametrize(
    "path",
    [
        "..%2f..%2f..%2fetc/passwd",
        "voila/files/..%2f..%2fbriefing.ipynb",
        "voila/files/briefing.ipynb",
        "voila/static/..%2f..%2f..%2f..%2fetc/passwd",
        "static/..%2f..%2f..%2f..%2f..%2fetc/passwd",
        "voila/templates/antq/static/..%2f..%2findex.html.j2",
        "api/contents",
        "api/contents/briefing.ipynb",
        "api/terminals",
        "api/sessions",
        "lab",
        "notebooks/briefing.ipynb",
    ],
)
def test_nothing_beside_the_page_is_served(address, path):
    """Files, other notebooks, lists of files, a terminal."""
    status, text = ask(f"{address}/{path}")
    assert status in (302, 400, 403, 404, 405, 500), text[:200]  # 500: the path names no file
    assert "root:" not in text
    assert "explore_briefing" not in text


@pytest.mark.parametrize("path", ["api/kernels", "api/sessions", "api/contents", "api/terminals"])
def test_nothing_can_be_started_or_written(address, path):
    """No further program, no file."""
    status, _ = ask(f"{address}/{path}", data=b'{"name": "python3"}')
    assert status in (403, 404, 405)


async def _talk(address, program, origin, code):
    """Ask a program to run code, over its channel as the page uses it."""
    channel = f"{address.replace('http', 'ws')}/api/kernels/{program}/channels?session_id=x"
    socket_of = await websocket_connect(HTTPRequest(channel, headers={"Origin": origin}))
    head = {"msg_id": "1", "msg_type": "execute_request", "session": "x", "version": "5.3"}
    head |= {"username": "", "date": "2026-01-01T00:00:00Z"}
    message = {"channel": "shell", "header": head, "parent_header": {}, "metadata": {}}
    content = {"code": code, "silent": False, "store_history": False, "user_expressions": {}}
    content |= {"allow_stdin": False, "stop_on_error": True}
    await socket_of.write_message(json.dumps(message | {"content": content, "buffers": []}))
    await asyncio.sleep(3)
    socket_of.close()
    while await socket_of.read_message() is not None:  # until it is closed
        pass


def talk(*asked):
    """Ask from a thread of its own: in the main one a browser's event loop may run."""
    with ThreadPoolExecutor(1) as beside:
        beside.submit(asyncio.run, _talk(*asked)).result()


def test_a_visitor_runs_no_code(address, program, tmp_path):
    """A request to run some is dropped on its way to the program."""
    written = tmp_path / "written"
    talk(address, program, address, f"open({str(written)!r}, 'w').close()")
    assert not written.exists()


def test_another_site_does_not_reach_the_program(address, program):
    """Even where it knows its number."""
    with pytest.raises(HTTPClientError) as refused:
        talk(address, program, "http://another.example", "")
    assert refused.value.code == 403


def test_more_visitors_than_there_is_room_for_read_so(address, program):
    """Until one of them leaves; the others go on."""
    time.sleep(8)  # a program is made ready for the next visitor
    found = [ask(address) for _ in range(3)]
    assert [status for status, _ in found] == [200, 503, 503]
    assert "Trang đang có 2 người dùng cùng lúc" in found[-1][1]
    assert "2 people use this page already" in found[-1][1]


def test_on_a_network_the_page_is_for_those_who_have_the_link():
    """Without it nobody starts a program, and no figure is shown."""
    port = free_port()
    with running([sys.executable, "-c", WITH_LINK.format(port=port)], port) as address:
        status, text = ask(address)
        assert status in (302, 403)
        assert "Tài liệu dùng cho" not in text
        status, text = ask(f"{address}/?token=another")
        assert status in (302, 403)
        status, text = ask(f"{address}/?token=the-link")
        assert (status, "kernelId" in text) == (200, True)
