"""The demo built and torn down by hand, with the provider's command line tool."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path
from typing import Any

import bench
from emulator import SECRET_ID, SECRET_KEY
from stock import IMAGE, REGION, ZONE

TCCLI = Path(sys.executable).with_name("tccli")
HERE = ("--EcmRegion", REGION)


class CommandLine(unittest.TestCase):
    maxDiff = None

    def setUp(self) -> None:
        self.emulator = bench.shared().emulator
        self.emulator.restore("empty")
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        # The tool keeps its configuration in the home folder; this one is empty.
        self.environment = {
            name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"} | {
            "HOME": folder.name, "TENCENTCLOUD_SECRET_ID": SECRET_ID, "TENCENTCLOUD_SECRET_KEY": SECRET_KEY,
            "TENCENTCLOUD_REGION": "ap-guangzhou"}

    def run_tool(self, service: str, action: str, *options: Any) -> subprocess.CompletedProcess[str]:
        texts = [option if isinstance(option, str) else json.dumps(option) for option in options]
        return subprocess.run(
            [TCCLI, service, action, "--endpoint", self.emulator.url, *texts], env=self.environment, text=True,
            capture_output=True, check=False)

    def ecm(self, action: str, *options: Any) -> dict[str, Any]:
        done = self.run_tool("ecm", action, *options)
        self.assertEqual(done.returncode, 0, f"{action}: {done.stderr}")
        return json.loads(done.stdout)

    def settled(self, action: str, *options: Any) -> dict[str, Any]:
        """The answer, once all that the call began has ended."""
        answer = self.ecm(action, *options)
        self.emulator.settle()
        return answer

    def test_the_demo_is_built_and_torn_down(self) -> None:
        start = self.emulator.inventory()
        vpc = self.ecm("CreateVpc", "--VpcName", "demo", "--CidrBlock", "10.0.0.0/16", *HERE)["Vpc"]["VpcId"]
        subnet = self.ecm(
            "CreateSubnet", "--VpcId", vpc, "--SubnetName", "front", "--CidrBlock", "10.0.1.0/24", "--Zone", ZONE,
            *HERE)["Subnet"]["SubnetId"]
        group = self.ecm(
            "CreateSecurityGroup", "--GroupName", "web", "--GroupDescription", "demo")["SecurityGroup"]["SecurityGroupId"]
        self.ecm("CreateSecurityGroupPolicies", "--SecurityGroupId", group, "--SecurityGroupPolicySet", {
            "Ingress": [{"Protocol": "tcp", "Port": "80", "CidrBlock": "0.0.0.0/0", "Action": "accept"}]})
        module = self.ecm(
            "CreateModule", "--ModuleName", "web", "--DefaultBandWidth", "50", "--DefaultImageId", IMAGE,
            "--InstanceType", "S4.LARGE8", "--DefaultSystemDiskSize", "50", "--DefaultDataDiskSize", "0")["ModuleId"]
        place = {"Zone": ZONE, "InstanceCount": 2, "ISP": "CTCC", "VpcId": vpc, "SubnetId": subnet}
        instances = self.settled(
            "RunInstances", "--ModuleId", module, "--InstanceName", "web{R:1}", "--SecurityGroupIds", [group],
            "--ZoneInstanceCountISPSet", [place])["InstanceIdSet"]
        shown = self.ecm("DescribeInstances", "--Filters", [{"Name": "module-id", "Values": [module]}])
        self.assertEqual(
            sorted((entry["InstanceName"], entry["InstanceState"]) for entry in shown["InstanceSet"]),
            [("web1", "RUNNING"), ("web2", "RUNNING")])
        address = self.settled("AllocateAddresses", "--InternetServiceProvider", "CTCC", *HERE)["AddressSet"][0]
        task = self.ecm("AssociateAddress", "--AddressId", address, "--InstanceId", instances[0], *HERE)["TaskId"]
        self.emulator.settle()
        self.assertEqual(self.ecm("DescribeTaskResult", "--TaskId", task, *HERE)["Result"], "SUCCESS")
        balancer = self.settled(
            "CreateLoadBalancer", "--LoadBalancerType", "OPEN", "--VipIsp", "CTCC", "--VpcId", vpc,
            *HERE)["LoadBalancerIds"][0]
        listener = self.settled(
            "CreateListener", "--LoadBalancerId", balancer, "--Ports", [80], "--Protocol", "TCP")["ListenerIds"][0]
        targets = [{"ListenerId": listener, "InstanceId": instance, "Port": 80} for instance in instances]
        self.settled("BatchRegisterTargets", "--LoadBalancerId", balancer, "--Targets", targets)
        backends = self.ecm("DescribeTargets", "--LoadBalancerId", balancer)["Listeners"][0]["Targets"]
        self.assertEqual({target["InstanceId"] for target in backends}, set(instances))

        refused = self.run_tool("ecm", "DeleteVpc", "--VpcId", vpc, *HERE)
        self.assertNotEqual(refused.returncode, 0)
        self.assertIn("code:ResourceInUse", refused.stderr)

        self.settled("BatchDeregisterTargets", "--LoadBalancerId", balancer, "--Targets", targets)
        self.settled("DeleteLoadBalancer", "--LoadBalancerIds", [balancer])
        self.settled("DisassociateAddress", "--AddressId", address, *HERE)
        self.settled("ReleaseAddresses", "--AddressIds", [address], *HERE)
        self.settled("TerminateInstances", "--InstanceIdSet", instances)
        self.ecm("DeleteModule", "--ModuleId", module)
        self.ecm("DeleteSecurityGroup", "--SecurityGroupId", group)
        self.ecm("DeleteSubnet", "--SubnetId", subnet, *HERE)
        self.ecm("DeleteVpc", "--VpcId", vpc, *HERE)
        self.assertEqual(self.emulator.inventory(), start)


if __name__ == "__main__":
    unittest.main()
