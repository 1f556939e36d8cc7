"""An account that holds something of every kind, made through the mainland SDK."""

from __future__ import annotations

from ipaddress import ip_address, ip_network
from types import SimpleNamespace
from typing import Any

from emulator import Emulator
from sdk import REGIONS, Session

REGION, ZONE = REGIONS["ecm"], "ap-hangzhou-ecm-1"
CVM_REGION, CVM_ZONE = REGIONS["cvm"], "ap-shanghai-2"
CVM_IMAGE, CVM_WINDOWS = "img-pmqg1cw7", "img-3wnd9xpl"
IMAGE = "img-qsdf3ff2"
HERE = {"EcmRegion": REGION}
TAGS = [{"Key": "team", "Value": "edge"}]


class Maker:
    """Calls that must succeed, each 110 ms after the one before, so that no limit turns one away."""

    def __init__(self, session: Session, emulator: Emulator) -> None:
        self.session, self.emulator = session, emulator

    def ecm(self, action: str, **parameters: Any) -> dict[str, Any]:
        return self.call("ecm", action, parameters)

    def cvm(self, action: str, **parameters: Any) -> dict[str, Any]:
        return self.call("cvm", action, parameters)

    def call(self, service: str, action: str, parameters: dict[str, Any]) -> dict[str, Any]:
        self.emulator.advance(110)
        if self.session.has(service, action):
            return self.session.call(service, action, parameters).data
        return self.session.call_json(service, action, parameters)

    def settle(self) -> None:
        self.emulator.settle()

    def module(self, name: str) -> str:
        return self.ecm(
            "CreateModule", ModuleName=name, DefaultBandWidth=50, DefaultImageId=IMAGE, InstanceType="S4.LARGE8",
            DefaultSystemDiskSize=50, DefaultDataDiskSize=100)["ModuleId"]

    def instances(self, module: str, place: dict[str, Any], **more: Any) -> list[str]:
        place = {"Zone": ZONE, "InstanceCount": 2, "ISP": "CTCC", **place}
        return self.ecm("RunInstances", ModuleId=module, ZoneInstanceCountISPSet=[place], **more)["InstanceIdSet"]

    def cvm_instances(self, **more: Any) -> list[str]:
        made = self.cvm("RunInstances", **{"Placement": {"Zone": CVM_ZONE}, "ImageId": CVM_IMAGE, **more})
        self.settle()
        return made["InstanceIdSet"]


def build(maker: Maker) -> SimpleNamespace:
    stock = SimpleNamespace()
    for part in (networks, compute, interfaces, addresses, balancing, cvm_network, cvm_compute, cvm_templates):
        part(maker, stock)
    maker.settle()
    maker.emulator.advance(2000)
    stock.today = maker.emulator.time()[:10]
    return stock


def networks(maker: Maker, stock: SimpleNamespace) -> None:
    def vpc(name: str, block: str) -> str:
        return maker.ecm("CreateVpc", VpcName=name, CidrBlock=block, Tags=TAGS, **HERE)["Vpc"]["VpcId"]

    def subnet(block: str) -> str:
        made = maker.ecm("CreateSubnet", VpcId=stock.vpc, SubnetName="sub", CidrBlock=block, Zone=ZONE, **HERE)
        return made["Subnet"]["SubnetId"]

    def table(name: str) -> str:
        made = maker.ecm("CreateRouteTable", VpcId=stock.vpc, RouteTableName=name, **HERE)
        return made["RouteTable"]["RouteTableId"]

    def group(name: str) -> str:
        made = maker.ecm("CreateSecurityGroup", GroupName=name, GroupDescription="about")
        return made["SecurityGroup"]["SecurityGroupId"]

    stock.vpc, stock.empty_vpc = vpc("net", "10.0.0.0/16"), vpc("empty", "10.11.0.0/16")
    stock.empty_subnet, stock.subnet = subnet("10.0.9.0/24"), subnet("10.0.0.0/24")
    stock.table, stock.free_table = table("used"), table("free")
    maker.ecm("ReplaceRouteTableAssociation", RouteTableId=stock.table, SubnetId=stock.empty_subnet, **HERE)
    stock.main_table = next(
        table["RouteTableId"] for table in maker.ecm("DescribeRouteTables")["RouteTableSet"]
        if table["VpcId"] == stock.vpc and table["Main"])
    routes = [{"DestinationCidrBlock": "172.20.0.0/16", "GatewayType": "NORMAL_CVM", "GatewayId": "10.0.0.5"}]
    made = maker.ecm("CreateRoutes", RouteTableId=stock.table, Routes=routes)
    stock.route = made["RouteTableSet"][0]["RouteSet"][0]["RouteId"]
    stock.havip = maker.ecm(
        "CreateHaVip", VpcId=stock.vpc, SubnetId=stock.subnet, HaVipName="vip", Vip="10.0.0.99")["HaVip"]["HaVipId"]
    stock.free_group, stock.group = group("free"), group("used")

    def rule(port: str, block: str) -> dict[str, str]:
        return {"Protocol": "tcp", "Port": port, "CidrBlock": block, "Action": "accept"}

    maker.ecm("ModifySecurityGroupPolicies", SecurityGroupId=stock.group, SecurityGroupPolicySet={
        "Egress": [rule("80", "10.9.89.9/25"), rule("443", "10.0.0.0/16")],
        "Ingress": [rule("80", "10.0.0.0/16"), rule("22", "10.0.0.0/16")]})


def compute(maker: Maker, stock: SimpleNamespace) -> None:
    stock.module, stock.unused_module = maker.module("web"), maker.module("idle")
    stock.key = maker.ecm("CreateKeyPair", KeyName="first")["KeyPair"]["KeyId"]
    place = {"VpcId": stock.vpc, "SubnetId": stock.subnet}
    stock.running = maker.instances(stock.module, place, SecurityGroupIds=[stock.group])
    stock.stopped = maker.instances(stock.module, place, KeyIds=[stock.key])
    maker.settle()
    maker.ecm("StopInstances", InstanceIdSet=stock.stopped)
    maker.settle()
    stock.image_task = maker.ecm("CreateImage", InstanceId=stock.stopped[0], ImageName="golden")["TaskId"]
    maker.ecm("ImportImage", ImageId="img-elsewhere", ImageDescription="about", SourceRegion="ap-chengdu")
    maker.settle()
    images = maker.ecm("DescribeImage", Filters=[{"Name": "image-name", "Values": ["golden"]}])
    stock.image = images["ImageSet"][0]["ImageId"]
    snapshots = maker.ecm("DescribeSnapshots")["SnapshotSet"]
    stock.snapshot = snapshots[0]["SnapshotId"]
    stock.bound_snapshot = next(entry["SnapshotId"] for entry in snapshots if entry["Images"])
    stock.shared_snapshot = next(entry["SnapshotId"] for entry in snapshots if entry["ShareReference"])


def interfaces(maker: Maker, stock: SimpleNamespace) -> None:
    def interface(extra: int) -> dict[str, Any]:
        return maker.ecm(
            "CreateNetworkInterface", VpcId=stock.vpc, SubnetId=stock.subnet, NetworkInterfaceName="nic",
            SecondaryPrivateIpAddressCount=extra, **HERE)["NetworkInterface"]

    stock.loose_interface = interface(0)["NetworkInterfaceId"]
    attached = interface(1)
    stock.attached_interface = attached["NetworkInterfaceId"]
    addresses = attached["PrivateIpAddressSet"]
    stock.first_address = next(entry["PrivateIpAddress"] for entry in addresses if entry["Primary"])
    stock.second_address = next(entry["PrivateIpAddress"] for entry in addresses if not entry["Primary"])
    maker.settle()
    maker.ecm(
        "AttachNetworkInterface", NetworkInterfaceId=stock.attached_interface, InstanceId=stock.running[0], **HERE)
    maker.settle()
    shown = maker.ecm("DescribeNetworkInterfaces", Filters=[
        {"Name": "attachment.instance-id", "Values": [stock.running[0]]}, {"Name": "is-primary", "Values": ["true"]}])
    stock.primary_interface = shown["NetworkInterfaceSet"][0]["NetworkInterfaceId"]
    made = maker.ecm("AssignIpv6Addresses", NetworkInterfaceId=stock.primary_interface, **HERE)
    stock.ipv6 = made["Ipv6AddressSet"][0]["Address"]
    maker.settle()


def addresses(maker: Maker, stock: SimpleNamespace) -> None:
    made = maker.ecm("AllocateAddresses", AddressCount=2, InternetServiceProvider="CTCC", **HERE)
    stock.loose_address, stock.bound_address = made["AddressSet"]
    maker.settle()
    stock.address_task = maker.ecm(
        "AssociateAddress", AddressId=stock.bound_address, InstanceId=stock.running[1], **HERE)["TaskId"]
    maker.settle()


def balancing(maker: Maker, stock: SimpleNamespace) -> None:
    stock.balancer = maker.ecm(
        "CreateLoadBalancer", LoadBalancerType="OPEN", VipIsp="CTCC", VpcId=stock.vpc,
        Tags=[{"TagKey": "team", "TagValue": "edge"}], **HERE)["LoadBalancerIds"][0]
    maker.settle()
    stock.listener = maker.ecm(
        "CreateListener", LoadBalancerId=stock.balancer, Ports=[80], Protocol="TCP")["ListenerIds"][0]
    target = {"ListenerId": stock.listener, "InstanceId": stock.running[0], "Port": 80}
    stock.balancer_task = maker.ecm(
        "BatchRegisterTargets", LoadBalancerId=stock.balancer, Targets=[target])["RequestId"]
    maker.settle()


def cvm_network(maker: Maker, stock: SimpleNamespace) -> None:
    """CVM's networks are there from the beginning, since its book has no calls for them."""
    lines = maker.emulator.inventory()

    def second(zone: str) -> dict[str, str]:
        return next(
            line for line in lines
            if line["Kind"] == "CvmSubnet" and line["Name"] == "second" and f"{zone}," in line["Detail"])

    def subnet(zone: str) -> dict[str, str]:
        line = second(zone)
        vpc = next(word for word in line["Detail"].split(", ") if word.startswith("vpc-"))
        return {"VpcId": vpc, "SubnetId": line["Id"]}

    def addresses(zone: str) -> list[str]:
        network = ip_network(second(zone)["Detail"].rsplit(", ", 1)[1])
        return [str(network[100]), str(network[101])]

    stock.cvm_place = subnet(CVM_ZONE)
    stock.cvm_place_addresses = addresses(CVM_ZONE)
    stock.cvm_groups = [
        line["Id"] for line in lines if line["Kind"] == "CvmSecurityGroup" and CVM_REGION in line["Detail"].split(", ")]
    stock.cvm_group = next(
        line["Id"] for line in lines if line["Id"] in stock.cvm_groups and line["Name"] == "web")
    hosts = maker.cvm("DescribeChcHosts")["ChcHostSet"]
    stock.chc = [host["ChcId"] for host in hosts]
    stock.host = maker.cvm("DescribeHosts")["HostSet"][0]["HostId"]
    stock.chc_place = subnet(hosts[0]["Placement"]["Zone"])
    stock.chc_place_addresses = addresses(hosts[0]["Placement"]["Zone"])


def cvm_compute(maker: Maker, stock: SimpleNamespace) -> None:
    def key(name: str) -> str:
        return maker.cvm("CreateKeyPair", KeyName=name, ProjectId=0)["KeyPair"]["KeyId"]

    disks = [{"DiskSize": 100, "DiskType": "CLOUD_PREMIUM"}]
    stock.cvm_key, stock.cvm_spare_key = key("deploy"), key("spare")
    stock.cvm_running = maker.cvm_instances(
        DataDisks=disks, ImageId="img-9qabwvbn",
        InternetAccessible={"InternetMaxBandwidthOut": 5, "PublicIpAssigned": True},
        TagSpecification=[{"ResourceType": "instance", "Tags": TAGS}])[0]
    stock.cvm_stopped = maker.cvm_instances(DataDisks=disks, LoginSettings={"KeyIds": [stock.cvm_key]})[0]
    stock.cvm_windows = maker.cvm_instances(ImageId=CVM_WINDOWS)[0]
    stock.cvm_rescued, stock.cvm_spare = maker.cvm_instances(InstanceCount=2)
    stock.cvm_graphics = maker.cvm_instances(InstanceType="GN8.LARGE56")[0]
    stock.cvm_prepaid = maker.cvm_instances(
        InstanceChargeType="PREPAID", InstanceChargePrepaid={"Period": 1})[0]
    maker.cvm("StopInstances", InstanceIds=[stock.cvm_stopped])
    maker.settle()
    stock.cvm_image = maker.cvm("CreateImage", InstanceId=stock.cvm_stopped, ImageName="golden")["ImageId"]
    maker.settle()
    maker.cvm("ModifyImageAttribute", ImageId=stock.cvm_image, ImageFamily="daily")
    image = maker.cvm("DescribeImages", ImageIds=[stock.cvm_image])["ImageSet"][0]
    stock.cvm_snapshots = [entry["SnapshotId"] for entry in image["SnapshotSet"]]
    stock.cvm_owner = image["ImageCreator"]
    instance = maker.cvm("DescribeInstances", InstanceIds=[stock.cvm_stopped])["InstanceSet"][0]
    stock.cvm_address, stock.cvm_system_disk = instance["PrivateIpAddresses"][0], instance["SystemDisk"]["DiskId"]
    stock.cvm_free_address = str(ip_address(stock.cvm_address) + 50)
    stock.cvm_data_disk = instance["DataDisks"][0]["DiskId"]
    maker.cvm("EnterRescueMode", InstanceId=stock.cvm_rescued, Password="Rescue-2026")
    maker.settle()


def cvm_templates(maker: Maker, stock: SimpleNamespace) -> None:
    place = {"Placement": {"Zone": CVM_ZONE}}
    stock.template = maker.cvm(
        "CreateLaunchTemplate", LaunchTemplateName="plan", ImageId=CVM_IMAGE, **place)["LaunchTemplateId"]
    maker.cvm(
        "CreateLaunchTemplateVersion", LaunchTemplateId=stock.template, **place, ImageId=CVM_IMAGE,
        EnhancedService={name: {"Enabled": True} for name in (
            "SecurityService", "MonitorService", "AutomationService")},
        ActionTimer={"TimerAction": "TerminateInstances", "ActionTime": "2099-01-01T00:00:00Z"},
        TagSpecification=[{"ResourceType": "instance", "Tags": TAGS}],
        InstanceChargeType="PREPAID", InstanceChargePrepaid={"Period": 1})
    maker.cvm(
        "CreateLaunchTemplateVersion", LaunchTemplateId=stock.template, **place, InstanceChargeType="SPOTPAID",
        InstanceMarketOptions={"MarketType": "spot", "SpotOptions": {"MaxPrice": "0.9"}})
    stock.placement_group = maker.cvm(
        "CreateDisasterRecoverGroup", Name="apart", Type="SW")["DisasterRecoverGroupId"]
    offers = maker.cvm("DescribeReservedInstancesOfferings")["ReservedInstancesOfferingsSet"]
    stock.offering = offers[0]["ReservedInstancesOfferingId"]
    maker.cvm("PurchaseReservedInstancesOffering", InstanceCount=1, ReservedInstancesOfferingId=stock.offering)
