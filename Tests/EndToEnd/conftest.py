"""Fixtures: one gateway per run, which tests share."""

import pytest

from stack.gateway import Gateway


def pytest_addoption(parser):
    parser.addoption("--all", action="store_true", help="also the long tests: long outages, whole corpora")


def pytest_collection_modifyitems(config, items):
    if not config.getoption("--all"):
        left_out = [item for item in items if item.get_closest_marker("long")]
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if item not in left_out]


@pytest.fixture(scope="session")
def whole_run(request):
    """Whether the long part was asked for."""
    return request.config.getoption("--all")


@pytest.fixture(scope="session")
def gateway():
    gateway = Gateway()
    try:
        yield gateway.start()
    finally:
        gateway.stop()


@pytest.fixture(autouse=True)
def the_same_processes(request):
    """No test may cost the shared gateway a process, unless it restarts one itself."""
    if "gateway" not in request.fixturenames:
        yield
        return
    gateway = request.getfixturevalue("gateway")
    gateway.data_plane.assert_running()
    yield
    gateway.data_plane.assert_running()
    gateway.control_plane.assert_running()
    gateway.provider.assert_running()
