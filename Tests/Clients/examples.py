"""The books' example requests, with what exists in the stock put in the place of what they name."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import bench
from catalog import REPOSITORY, Action
from stock import CVM_ZONE

# Parameters whose values name something that has to exist, or a day that has to be near; beside those in Id and Ids.
NAMED = {
    "EcmRegion", "Zone", "TaskSet", "Targets", "ModifyList", "PrivateIpAddresses", "PrivateIpAddress",
    "Ipv6Addresses", "ZoneInstanceCountISPSet", "TerminateTime", "StartTime", "EndTime", "SecurityGroup",
    "SecurityGroups", "InstanceIdSet", "SecurityGroupIdSet", "ImageIDSet", "Month", "VirtualPrivateCloud",
    "BmcVirtualPrivateCloud", "DeployVirtualPrivateCloud", "InstanceType", "DestinationRegions", "Routes",
    "LaunchTemplateVersions", "DefaultVersion", "DataDisks", "LoginSettings", "BmcSecurityGroupIds", "ImageFamily",
}
# Names that end as they do and name nothing that has to exist.
FREE = {("CreateModule", "DefaultImageId"), ("ModifyModuleImage", "DefaultImageId"), ("ImportImage", "ImageId")}
# Names that have to be new, and ranges that have to be free.
FITTED = {("CreateVpc", "VpcName"), ("CreateSubnet", "CidrBlock")}


def words() -> dict[str, Any]:
    """What stands in the books, and what takes its place where the valid call has nothing of the name."""
    stock = bench.shared().stock
    addresses, chc_addresses = stock.cvm_place_addresses, stock.chc_place_addresses
    return {
        '"vpc-1234abcd8"': stock.chc_place["VpcId"], '"subnet-1234abcd"': stock.chc_place["SubnetId"],
        "10.0.1.2": chc_addresses[0], "10.0.1.3": chc_addresses[1],
        "sg-12345678": stock.cvm_group, "sg-8a7f6d5s": stock.cvm_group, "chc-1a2b3c4d": stock.chc[0],
        "lt-q9t8j8eg": stock.template, "vpc-1urkhbj4": stock.cvm_place["VpcId"],
        "subnet-dcs9x3gz": stock.cvm_place["SubnetId"], "10.0.0.19": addresses[0], "10.0.0.18": addresses[1],
        "2019-08-01 18:32:56": "2099-08-01 18:32:56", **{f"ap-guangzhou-{number}": CVM_ZONE for number in range(1, 8)},
    }


def exchanged(value: Any, known: dict[str, Any]) -> Any:
    if isinstance(value, str):
        return known.get(value, value)
    if isinstance(value, list):
        return [exchanged(element, known) for element in value]
    if isinstance(value, dict):
        return {name: exchanged(inner, known) for name, inner in value.items()}
    return value


@dataclass
class Example:
    action: Action
    number: int
    request: dict[str, Any]

    @property
    def name(self) -> str:
        return f"{self.action.id} {self.number}"

    def parameters(self) -> dict[str, Any]:
        own = bench.shared().parameters(self.action)
        result = {}
        for name, value in self.request.items():
            place = (self.action.name, name)
            is_named = name in NAMED or name.endswith(("Id", "Ids")) or place in FITTED
            result[name] = own[name] if is_named and place not in FREE and name in own else value
        rules = result.get("SecurityGroupPolicySet", {})
        if "Version" in rules:
            result["SecurityGroupPolicySet"] = {**rules, "Version": "1"}
        return exchanged(result, words())


def all_examples() -> Iterator[Example]:
    for action in bench.by_id():
        path = REPOSITORY / "Tests/Fixtures/examples" / action.service / f"{action.name}.json"
        entries = json.loads(path.read_text(encoding="utf-8")) if path.exists() else []
        for number, entry in enumerate(entries, 1):
            yield Example(action, number, entry["request"])
