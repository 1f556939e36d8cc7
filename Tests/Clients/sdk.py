"""The provider's SDKs, unmodified. Both sites' have the same module names, so each is imported on its own."""

from __future__ import annotations

import importlib
import json
import sys
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from types import ModuleType
from typing import Any

from catalog import REPOSITORY
from emulator import SECRET_ID, SECRET_KEY, Emulator

VERSIONS = {"ecm": "v20190719", "cvm": "v20170312"}
REGIONS = {"ecm": "ap-hangzhou-ecm", "cvm": "ap-shanghai"}


class Site:
    """The SDK of one site: its modules, and a client of each service."""

    def __init__(self, name: str, folder: str | None) -> None:
        self.name = name
        if folder:
            sys.path.insert(0, folder)
        self.common = {part: importlib.import_module(f"tencentcloud.common.{part}") for part in (
            "credential", "common_client", "profile.client_profile", "profile.http_profile",
            "exception.tencent_cloud_sdk_exception")}
        self.refused = self.common["exception.tencent_cloud_sdk_exception"].TencentCloudSDKException
        self.models: dict[str, ModuleType] = {}
        self.clients: dict[str, Any] = {}
        for service, version in VERSIONS.items():
            self.models[service] = importlib.import_module(f"tencentcloud.{service}.{version}.models")
            self.clients[service] = importlib.import_module(f"tencentcloud.{service}.{version}.{service}_client")
        for module in [module for module in sys.modules if module.split(".")[0] == "tencentcloud"]:
            del sys.modules[module]
        if folder:
            sys.path.remove(folder)

    def connect(self, emulator: Emulator) -> Session:
        return Session(self, emulator)


class Session:
    """The clients of a site, pointed at the emulator: the endpoint is all that differs from every other use."""

    def __init__(self, site: Site, emulator: Emulator) -> None:
        self.site = site
        http = site.common["profile.http_profile"].HttpProfile(
            protocol="http", endpoint=emulator.endpoint, keepAlive=True)
        self.profile = profile = site.common["profile.client_profile"].ClientProfile(httpProfile=http)
        credential = site.common["credential"].Credential(SECRET_ID, SECRET_KEY)
        self.clients = {
            service: getattr(module, f"{service.title()}Client")(credential, REGIONS[service], profile)
            for service, module in site.clients.items()}
        common = site.common["common_client"].CommonClient
        self.common_clients = {
            service: common(service, f"{text[1:5]}-{text[5:7]}-{text[7:]}", credential, REGIONS[service], profile)
            for service, text in VERSIONS.items()}

    @contextmanager
    def signing(self, method: str, verb: str) -> Iterator[None]:
        """For a while, signs by another method and sends by another verb than usual."""
        usual = self.profile.signMethod, self.profile.httpProfile.reqMethod
        self.profile.signMethod, self.profile.httpProfile.reqMethod = method, verb
        try:
            yield
        finally:
            self.profile.signMethod, self.profile.httpProfile.reqMethod = usual

    def has(self, service: str, action: str) -> bool:
        return hasattr(self.clients[service], action)

    def call(self, service: str, action: str, parameters: dict[str, Any]) -> Answer:
        """The answer as the SDK's own model. Raises the SDK's exception when the call is refused."""
        request = getattr(self.site.models[service], f"{action}Request")()
        with warnings.catch_warnings(record=True) as stray:
            warnings.simplefilter("always", UserWarning)
            request.from_json_string(json.dumps(parameters))
        unsent = [str(warning.message) for warning in stray]
        with warnings.catch_warnings(record=True) as unknown:
            warnings.simplefilter("always", UserWarning)
            model = getattr(self.clients[service], action)(request)
        return Answer(model, unsent, [str(warning.message) for warning in unknown])

    def call_json(self, service: str, action: str, parameters: dict[str, Any]) -> dict[str, Any]:
        """The answer through the SDK's client that takes parameters as they are."""
        return self.common_clients[service].call_json(action, parameters)["Response"]

    def json_code(self, service: str, action: str, parameters: dict[str, Any]) -> str | None:
        """The code with which the parameters, as they are, are refused."""
        try:
            self.call_json(service, action, parameters)
        except self.site.refused as error:
            return error.code
        return None

    def code(self, service: str, action: str, parameters: dict[str, Any]) -> str | None:
        """The code with which the call is refused. What the SDK's model cannot carry goes out as it is."""
        request = getattr(self.site.models[service], f"{action}Request")()
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("error", UserWarning)
                request.from_json_string(json.dumps(parameters))
        except (UserWarning, AttributeError, TypeError):
            return self.json_code(service, action, parameters)
        try:
            getattr(self.clients[service], action)(request)
        except self.site.refused as error:
            return error.code
        return None

    def replay(self, service: str, action: str, parameters: dict[str, Any]) -> Answer:
        """The answer to parameters as they are, as the SDK's own model."""
        response = self.call_json(service, action, parameters)
        model = getattr(self.site.models[service], f"{action}Response")()
        with warnings.catch_warnings(record=True) as unknown:
            warnings.simplefilter("always", UserWarning)
            model._deserialize(response)
        return Answer(model, [], [str(warning.message) for warning in unknown])

    def stray_code(
        self, service: str, action: str, parameters: dict[str, Any], *, secret_id: str = SECRET_ID,
        secret_key: str = SECRET_KEY, token: str | None = None, product: str | None = None,
        version: str | None = None, region: str | None = None, media: str | None = None, calls: int = 1
    ) -> str | None:
        """The code that a client gets that is wrong in some way."""
        usual = self.common_clients[service]
        client = self.site.common["common_client"].CommonClient(
            product or service, version or usual._apiVersion,
            self.site.common["credential"].Credential(secret_id, secret_key, token), region or REGIONS[service],
            self.profile)
        try:
            for _ in range(calls):
                if media:
                    client.call_octet_stream(action, {}, json.dumps(parameters).encode())
                else:
                    client.call_json(action, parameters)
        except self.site.refused as error:
            return error.code
        return None


class Answer:
    """A model, and what the SDK warned of: members of the request and of the answer that it does not know."""

    def __init__(self, model: Any, unsent: list[str], unknown: list[str]) -> None:
        self.model, self.unsent, self.unknown = model, unsent, unknown

    @property
    def data(self) -> dict[str, Any]:
        return json.loads(self.model.to_json_string())


MAINLAND = Site("mainland", None)
INTERNATIONAL = Site("international", str(REPOSITORY / ".build-clients/international"))
SITES = [MAINLAND, INTERNATIONAL]
