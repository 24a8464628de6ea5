"""The two binaries with their settings; the only place in the tests that names settings."""

import json
import subprocess

from .eventually import eventually
from .http import request
from .ports import free_port
from .program import BIN, Program, clean_environment


class ControlPlane(Program):
    """One control plane process. Several on one database share `key_file`."""

    def __init__(self, directory, database_url, key_file, name="control-plane", settings=None):
        self.admin_port = free_port()
        self.plane_port = free_port()
        self.admin_url = f"http://127.0.0.1:{self.admin_port}"
        self.plane_url = f"http://127.0.0.1:{self.plane_port}"
        environment = {
            "CONTROL_PLANE_DATABASE_URL": database_url,
            "CONTROL_PLANE_KEY_FILE": str(key_file),
            "CONTROL_PLANE_ADMIN_LISTEN": f"127.0.0.1:{self.admin_port}",
            "CONTROL_PLANE_PLANE_LISTEN": f"127.0.0.1:{self.plane_port}",
            # Models of the tests are vouched for; who tests validation turns it on.
            "CONTROL_PLANE_VALIDATION": "off",
            **(settings or {}),
        }
        super().__init__(name, [BIN / "router-control-plane", "serve"], environment, directory / f"{name}.log")

    def verb(self, *arguments, check=True, **environment):
        """Runs a command-line verb with this plane's settings."""
        result = subprocess.run(
            [str(BIN / "router-control-plane"), *map(str, arguments)],
            env=clean_environment({**self.environment, **environment}),
            stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60,
        )
        if check:
            assert result.returncode == 0, f"{arguments}: {result.returncode}\n{result.stdout}\n{result.stderr}"
        return result

    def start(self, ready=True):
        super().start()
        if ready:
            self.wait_ready()
        return self

    def wait_ready(self, within=20):
        def check():
            self.assert_alive_or_fail()
            return request("GET", self.admin_url + "/readyz", timeout=5).status == 200

        eventually(check, within, saying=f"{self.name} is ready")

    def assert_alive_or_fail(self):
        if not self.running:
            raise RuntimeError(f"{self.name} ended with status {self.process.returncode}\n{self.tail()}")


class DataPlane(Program):
    """One data plane node with a state directory of its own."""

    def __init__(self, directory, control_plane_urls, join_token=None, name="data-plane", settings=None):
        self.port = free_port()
        self.ops_port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.ops_url = f"http://127.0.0.1:{self.ops_port}"
        self.state = directory / f"{name}.state"
        environment = {
            "DATA_PLANE_LISTEN": f"127.0.0.1:{self.port}",
            "DATA_PLANE_OPS_LISTEN": f"127.0.0.1:{self.ops_port}",
            "DATA_PLANE_CONTROL_PLANE_URL": ",".join(control_plane_urls),
            "DATA_PLANE_STATE_DIRECTORY": str(self.state),
            "DATA_PLANE_NODE_NAME": name,
            # A minute would be longer than most tests; what has not been served that long is on trial still.
            "DATA_PLANE_BAKE": "1s",
            # Tests have no name servers; the pictures that they name are on this machine.
            "DATA_PLANE_ALLOW_PRIVATE_IMAGE_URLS": "true",
            **(settings or {}),
        }
        if join_token is not None:
            token_file = directory / f"{name}.join-token"
            token_file.touch(mode=0o600)
            token_file.write_text(join_token)
            environment["DATA_PLANE_JOIN_TOKEN_FILE"] = str(token_file)
        super().__init__(name, [BIN / "router-data-plane"], environment, directory / f"{name}.log")

    def start(self, ready=True):
        super().start()
        if ready:
            self.wait_ready()
        return self

    def wait_ready(self, within=20):
        def check():
            if not self.running:
                raise RuntimeError(f"{self.name} ended with status {self.process.returncode}\n{self.tail()}")
            return self.readiness().status == 200

        try:
            eventually(check, within, saying=f"{self.name} is ready")
        except AssertionError as error:
            raise AssertionError(f"{error}\n{self.tail()}") from None

    def readiness(self):
        return request("GET", self.ops_url + "/readyz", timeout=5)

    def metrics(self):
        """The samples of /metrics: name with labels → value."""
        samples = {}
        for line in request("GET", self.ops_url + "/metrics", timeout=10).text.splitlines():
            if line and not line.startswith("#"):
                name, _, value = line.rpartition(" ")
                samples[name] = float(value)
        return samples

    def metric(self, name, **labels):
        """The sum over all samples of a family that carry these labels."""
        total, found = 0.0, False
        for sample, value in self.metrics().items():
            if sample.split("{")[0] == name and all(f'{key}="{text}"' in sample for key, text in labels.items()):
                total, found = total + value, True
        assert found, f"no sample {name} {labels}"
        return total

    def snapshot(self):
        """What /readyz tells of the running snapshot."""
        return self.readiness().json()

    def request_log(self, request_id=None):
        """The lines of the request log, as objects."""
        lines = []
        for line in self.log_lines():
            if '"event":"request"' in line and (request_id is None or request_id in line):
                lines.append(json.loads(line))
        return lines

    def logged(self, request_id, within=5):
        """The one line of a request, once it is written."""
        lines = eventually(lambda: self.request_log(request_id), within, saying=f"{request_id} is logged")
        assert len(lines) == 1, lines
        return lines[0]
