"""For every action, parameters with which it does what it is for, given the stock."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from stock import CVM_IMAGE, CVM_ZONE, HERE, REGION, ZONE

Calls = dict[str, dict[str, Any]]


def all_calls(stock: SimpleNamespace) -> dict[tuple[str, str], dict[str, Any]]:
    """By service and action."""
    ecm = (network, routes, interfaces, security, modules, instances, images, addresses, balancing, reports)
    cvm = (cvm_instances, cvm_prices, cvm_changes, cvm_images, cvm_keys, cvm_templates, cvm_hosts, cvm_reads)
    return {
        (service, action): parameters
        for service, parts in (("ecm", ecm), ("cvm", cvm)) for part in parts
        for action, parameters in part(stock).items()}


# What has to come before a call, for it to have something to do.
PREPARATIONS: dict[tuple[str, str], list[tuple[str, str]]] = {
    ("cvm", "ConfigureChcDeployVpc"): [("cvm", "ConfigureChcAssistVpc")],
    ("cvm", "RemoveChcAssistVpc"): [("cvm", "ConfigureChcAssistVpc")],
    ("cvm", "RemoveChcDeployVpc"): [("cvm", "ConfigureChcAssistVpc"), ("cvm", "ConfigureChcDeployVpc")],
    ("cvm", "DisassociateSecurityGroups"): [("cvm", "AssociateSecurityGroups")],
    ("cvm", "DescribeImageSharePermission"): [("cvm", "ModifyImageSharePermission")],
    ("ecm", "EnableRoutes"): [("ecm", "DisableRoutes")],
}


def network(stock: SimpleNamespace) -> Calls:
    return {
        "CreateVpc": {**HERE, "VpcName": "n", "CidrBlock": "10.20.0.0/16"},
        "DeleteVpc": {**HERE, "VpcId": stock.empty_vpc},
        "DescribeVpcs": {"VpcIds": [stock.vpc]},
        "ModifyVpcAttribute": {**HERE, "VpcId": stock.vpc, "VpcName": "m"},
        "CreateSubnet": {
            **HERE, "VpcId": stock.vpc, "SubnetName": "s", "CidrBlock": "10.0.5.0/24", "Zone": ZONE},
        "DeleteSubnet": {**HERE, "SubnetId": stock.empty_subnet},
        "DescribeSubnets": {"SubnetIds": [stock.subnet]},
        "DescribeDefaultSubnet": {**HERE, "Zone": ZONE},
        "ModifyDefaultSubnet": {**HERE, "Zone": ZONE, "VpcId": stock.vpc, "SubnetId": stock.empty_subnet},
        "ModifySubnetAttribute": {**HERE, "SubnetId": stock.subnet, "SubnetName": "renamed"},
        "CreateHaVip": {"VpcId": stock.vpc, "SubnetId": stock.subnet, "HaVipName": "v"},
        "DeleteHaVip": {"HaVipId": stock.havip},
        "DescribeHaVips": {"HaVipIds": [stock.havip]},
        "ModifyHaVipAttribute": {"HaVipId": stock.havip, "HaVipName": "w"},
    }


def routes(stock: SimpleNamespace) -> Calls:
    new = [{"DestinationCidrBlock": "172.30.0.0/16", "GatewayType": "EIP", "GatewayId": "0"}]
    table = {"RouteTableId": stock.table}
    return {
        "CreateRouteTable": {**HERE, "VpcId": stock.vpc, "RouteTableName": "t"},
        "DeleteRouteTable": {"RouteTableId": stock.free_table},
        "DescribeRouteTables": {"RouteTableIds": [stock.table, stock.main_table]},
        "ModifyRouteTableAttribute": {**table, "RouteTableName": "u"},
        "ReplaceRouteTableAssociation": {**HERE, **table, "SubnetId": stock.subnet},
        "CreateRoutes": {**table, "Routes": new},
        "DeleteRoutes": {**table, "Routes": [{"RouteId": stock.route}]},
        "ReplaceRoutes": {**table, "Routes": [{"RouteId": stock.route, "RouteDescription": "d"}]},
        "ResetRoutes": {**table, "RouteTableName": "r", "Routes": new},
        "EnableRoutes": {**table, "RouteIds": [stock.route]},
        "DisableRoutes": {**table, "RouteIds": [stock.route]},
        "DescribeRouteConflicts": {**table, "DestinationCidrBlocks": ["172.20.0.0/16"]},
    }


def interfaces(stock: SimpleNamespace) -> Calls:
    loose = {**HERE, "NetworkInterfaceId": stock.loose_interface}
    attached = {**HERE, "NetworkInterfaceId": stock.attached_interface}
    primary = {**HERE, "NetworkInterfaceId": stock.primary_interface}
    second = [{"PrivateIpAddress": stock.second_address, "Description": "d"}]
    six = [{"Address": stock.ipv6, "Description": "d"}]
    return {
        "CreateNetworkInterface": {
            **HERE, "VpcId": stock.vpc, "SubnetId": stock.subnet, "NetworkInterfaceName": "i"},
        "DeleteNetworkInterface": loose,
        "DescribeNetworkInterfaces": {"NetworkInterfaceIds": [stock.attached_interface]},
        "AttachNetworkInterface": {**loose, "InstanceId": stock.running[1]},
        "DetachNetworkInterface": {**attached, "InstanceId": stock.running[0]},
        "MigrateNetworkInterface": {
            **attached, "SourceInstanceId": stock.running[0], "DestinationInstanceId": stock.running[1]},
        "AssignPrivateIpAddresses": {**loose, "SecondaryPrivateIpAddressCount": 2},
        "RemovePrivateIpAddresses": {**attached, "PrivateIpAddresses": second},
        "MigratePrivateIpAddress": {
            **HERE, "SourceNetworkInterfaceId": stock.attached_interface,
            "DestinationNetworkInterfaceId": stock.loose_interface, "PrivateIpAddress": stock.second_address},
        "ModifyPrivateIpAddressesAttribute": {**attached, "PrivateIpAddresses": second},
        "AssignIpv6Addresses": {**primary, "Ipv6AddressCount": 1},
        "ReleaseIpv6Addresses": {**primary, "Ipv6Addresses": six},
        "ModifyIpv6AddressesAttribute": {**primary, "Ipv6Addresses": six},
    }


def security(stock: SimpleNamespace) -> Calls:
    used = {"SecurityGroupId": stock.group}
    rule = {"Protocol": "udp", "Port": "53", "CidrBlock": "10.0.0.0/8", "Action": "accept"}

    def policies(rule: dict[str, Any]) -> dict[str, Any]:
        return {**used, "SecurityGroupPolicySet": {"Egress": [rule], "Version": "1"}}

    return {
        "CreateSecurityGroup": {"GroupName": "g", "GroupDescription": "d"},
        "DeleteSecurityGroup": {"SecurityGroupId": stock.free_group},
        "DescribeSecurityGroups": {"SecurityGroupIds": [stock.group]},
        "DescribeSecurityGroupLimits": {},
        "ModifySecurityGroupAttribute": {**used, "GroupName": "h"},
        "DescribeSecurityGroupPolicies": used,
        "DescribeSecurityGroupAssociationStatistics": {"SecurityGroupIds": [stock.group, stock.free_group]},
        "CreateSecurityGroupPolicies": policies(rule),
        "DeleteSecurityGroupPolicies": policies({"PolicyIndex": 0}),
        "ReplaceSecurityGroupPolicy": policies({**rule, "PolicyIndex": 1}),
        "ModifySecurityGroupPolicies": policies(rule),
        "AssociateSecurityGroups": {"SecurityGroupIds": [stock.free_group], "InstanceIds": stock.running},
        "DisassociateSecurityGroups": {"SecurityGroupIds": [stock.group], "InstanceIds": stock.running},
        "CreateKeyPair": {"KeyName": "second"},
        "DisassociateInstancesKeyPairs": {"InstanceIds": [stock.stopped[0]], "KeyIds": [stock.key]},
    }


def modules(stock: SimpleNamespace) -> Calls:
    used = {"ModuleId": stock.module}
    return {
        "CreateModule": {
            "ModuleName": "c", "DefaultBandWidth": 50, "DefaultImageId": "img-qsdf3ff2", "InstanceType": "S4.LARGE8",
            "DefaultSystemDiskSize": 50, "DefaultDataDiskSize": 100},
        "DeleteModule": {"ModuleId": stock.unused_module},
        "DescribeModule": {},
        "DescribeModuleDetail": used,
        "ModifyModuleImage": {**used, "DefaultImageId": "img-oy9q2bql"},
        "ModifyModuleName": {**used, "ModuleName": "d"},
        "ModifyModuleNetwork": {**used, "DefaultBandwidth": 60},
        "ModifyModuleConfig": {
            "ModuleId": stock.unused_module, "InstanceType": "S5.LARGE8", "DefaultDataDiskSize": 200},
        "ModifyModuleIpDirect": {**used, "CloseIpDirect": True},
        "ModifyModuleDisableWanIp": {**used, "DisableWanIp": True},
        "ModifyModuleSecurityGroups": {**used, "SecurityGroupIdSet": [stock.group, stock.free_group]},
    }


def instances(stock: SimpleNamespace) -> Calls:
    running, stopped = {"InstanceIdSet": stock.running}, {"InstanceIdSet": stock.stopped}
    return {
        "RunInstances": {
            "ModuleId": stock.module,
            "ZoneInstanceCountISPSet": [{"Zone": ZONE, "InstanceCount": 2, "ISP": "CMCC"}]},
        "DescribeInstances": {},
        "StartInstances": stopped,
        "StopInstances": running,
        "RebootInstances": running,
        "TerminateInstances": running,
        "ResetInstances": {**running, "ImageId": "img-q9fy0if9"},
        "ResetInstancesPassword": {**stopped, "Password": "Secret-1234"},
        "ResetInstancesMaxBandwidth": {**running, "MaxBandwidthOut": 70},
        "ModifyInstancesAttribute": {**running, "InstanceName": "n", "SecurityGroups": [stock.free_group]},
        "DescribeInstanceVncUrl": {"InstanceId": stock.running[0]},
        "DescribeInstancesDeniedActions": running,
        "DescribePriceRunInstance": {
            "InstanceType": "SN3ne.LARGE8", "SystemDisk": {"DiskSize": 50}, "InstanceCount": 2},
        "DescribeNode": {},
        "DescribeConfig": {},
        "DescribeInstanceTypeConfig": {},
    }


def images(stock: SimpleNamespace) -> Calls:
    return {
        "CreateImage": {"InstanceId": stock.stopped[0], "ImageName": "second"},
        "DeleteImage": {"ImageIDSet": [stock.image]},
        "DescribeImage": {},
        "DescribeTaskStatus": {"TaskSet": [{"Operation": "CreateImage", "TaskId": stock.image_task}]},
        "ImportImage": {"ImageId": "img-other", "ImageDescription": "d", "SourceRegion": "ap-chengdu"},
        "DescribeCustomImageTask": {"Filters": [{"Name": "image-id", "Values": ["img-elsewhere"]}]},
        "DescribeImportImageOs": {},
        "ModifyImageAttribute": {"ImageId": stock.image, "ImageName": "third"},
        "DescribeSnapshots": {},
        "DeleteSnapshots": {"SnapshotIds": [stock.snapshot], "DeleteBindImages": True},
    }


def addresses(stock: SimpleNamespace) -> Calls:
    loose = {**HERE, "AddressId": stock.loose_address}
    loose_set = {**HERE, "AddressIds": [stock.loose_address]}
    return {
        "AllocateAddresses": HERE,
        "ReleaseAddresses": loose_set,
        "DescribeAddresses": loose_set,
        "AssociateAddress": {**loose, "InstanceId": stock.running[0]},
        "DisassociateAddress": {**HERE, "AddressId": stock.bound_address},
        "DescribeAddressQuota": HERE,
        "DescribeTaskResult": {**HERE, "TaskId": stock.address_task},
        "ModifyAddressesBandwidth": {**loose_set, "InternetMaxBandwidthOut": 20},
        "ModifyAddressAttribute": {**loose, "AddressName": "n", "EipDirectConnection": "TRUE"},
    }


def balancing(stock: SimpleNamespace) -> Calls:
    own = {"LoadBalancerId": stock.balancer}
    listener = {**own, "ListenerId": stock.listener}
    target = {"InstanceId": stock.running[0], "Port": 80}
    batch = {**target, "ListenerId": stock.listener}
    return {
        "CreateLoadBalancer": {**HERE, "LoadBalancerType": "OPEN", "VipIsp": "CTCC", "VpcId": stock.vpc},
        "DeleteLoadBalancer": {"LoadBalancerIds": [stock.balancer]},
        "DescribeLoadBalancers": HERE,
        "DescribeLoadBalanceTaskStatus": {"TaskId": stock.balancer_task},
        "CreateListener": {**own, "Ports": [443], "Protocol": "TCP"},
        "DeleteListener": listener,
        "DeleteLoadBalancerListeners": own,
        "DescribeListeners": own,
        "DescribeTargets": own,
        "BatchRegisterTargets": {**own, "Targets": [{**batch, "Port": 81}]},
        "BatchDeregisterTargets": {**own, "Targets": [batch]},
        "DescribeTargetHealth": {"LoadBalancerIds": [stock.balancer]},
        "ModifyLoadBalancerAttributes": {**own, "LoadBalancerName": "n"},
        "ModifyListener": {**listener, "ListenerName": "l"},
        "ModifyTargetPort": {**listener, "Targets": [target], "NewPort": 8080},
        "ModifyTargetWeight": {**listener, "Targets": [target], "Weight": 0},
        "BatchModifyTargetWeight": {
            **own, "ModifyList": [{"ListenerId": stock.listener, "Targets": [target], "Weight": 7}]},
        "SetLoadBalancerSecurityGroups": {**own, "SecurityGroups": [stock.group]},
        "SetSecurityGroupForLoadbalancers": {
            "LoadBalancerIds": [stock.balancer], "SecurityGroup": stock.group, "OperationType": "ADD"},
    }


def reports(stock: SimpleNamespace) -> Calls:
    return {
        "DescribeBaseOverview": {},
        "DescribePeakBaseOverview": {"StartTime": stock.today, "EndTime": stock.today},
        "DescribePeakNetworkOverview": {
            "StartTime": stock.today, "EndTime": stock.today, "Filters": [{"Name": "region", "Values": [REGION]}]},
        "DescribeMonthPeakNetwork": {"Month": stock.today[:7]},
        "DescribePackingQuotaGroup": {"Filters": [{"Name": "Zone", "Values": [ZONE]}]},
    }


def cvm_instances(stock: SimpleNamespace) -> Calls:
    one, off = {"InstanceIds": [stock.cvm_running]}, {"InstanceIds": [stock.cvm_stopped]}
    return {
        "RunInstances": {"Placement": {"Zone": CVM_ZONE}, "ImageId": CVM_IMAGE},
        "StartInstances": off,
        "StopInstances": one,
        "RebootInstances": one,
        "TerminateInstances": {"InstanceIds": [stock.cvm_spare]},
        "EnterRescueMode": {"InstanceId": stock.cvm_running, "Password": "Rescue-2026"},
        "ExitRescueMode": {"InstanceId": stock.cvm_rescued},
        "ResetInstance": {"InstanceId": stock.cvm_running},
        "ConvertOperatingSystems": one,
        "DescribeInstances": {},
        "DescribeInstancesStatus": {},
        "DescribeInstancesAttributes": {**one, "Attributes": ["UserData"]},
        "DescribeInstancesOperationLimit": {**one, "Operation": "INSTANCE_DEGRADE"},
        "DescribeInstanceVncUrl": {"InstanceId": stock.cvm_running},
    }


def cvm_prices(stock: SimpleNamespace) -> Calls:
    one, off = {"InstanceIds": [stock.cvm_running]}, {"InstanceIds": [stock.cvm_stopped]}
    offer = {"InstanceCount": 2, "ReservedInstancesOfferingId": stock.offering}
    return {
        "InquiryPriceRunInstances": {"Placement": {"Zone": CVM_ZONE}, "ImageId": CVM_IMAGE},
        "InquiryPriceResetInstancesType": {**off, "InstanceType": "S5.MEDIUM4"},
        "InquiryPriceResizeInstanceDisks": {
            "InstanceId": stock.cvm_running, "DataDisks": [{"DiskSize": 200}], "ForceStop": True},
        "InquiryPriceResetInstance": {"InstanceId": stock.cvm_running},
        "InquiryPriceResetInstancesInternetMaxBandwidth": {
            **one, "InternetAccessible": {"InternetMaxBandwidthOut": 20}},
        "InquirePricePurchaseReservedInstancesOffering": offer,
        "PurchaseReservedInstancesOffering": offer,
        "DescribeReservedInstances": {"Limit": 5},
        "DescribeReservedInstancesOfferings": {"Limit": 5},
        "DescribeReservedInstancesConfigInfos": {},
    }


def cvm_changes(stock: SimpleNamespace) -> Calls:
    one, off = {"InstanceIds": [stock.cvm_running]}, {"InstanceIds": [stock.cvm_stopped]}
    groups = {**one, "SecurityGroupIds": [stock.cvm_group]}
    return {
        "ResetInstancesPassword": {**off, "Password": "abc123ABC!@#"},
        "ResetInstancesType": {**off, "InstanceType": "S5.MEDIUM4"},
        "ResizeInstanceDisks": {
            "InstanceId": stock.cvm_stopped, "DataDisks": [{"DiskSize": 200}], "ForceStop": True},
        "ModifyInstancesAttribute": {**one, "InstanceName": "renamed"},
        "ModifyInstancesRenewFlag": {"InstanceIds": [stock.cvm_prepaid], "RenewFlag": "NOTIFY_AND_AUTO_RENEW"},
        "ModifyInstancesProject": {**one, "ProjectId": 1045},
        "ModifyInstancesVpcAttribute": {**one, "VirtualPrivateCloud": stock.cvm_place},
        "ResetInstancesInternetMaxBandwidth": {**one, "InternetAccessible": {"InternetMaxBandwidthOut": 20}},
        "AssociateSecurityGroups": groups,
        "DisassociateSecurityGroups": groups,
    }


def cvm_images(stock: SimpleNamespace) -> Calls:
    own, several = {"ImageId": stock.cvm_image}, {"ImageIds": [stock.cvm_image]}
    return {
        "CreateImage": {"InstanceId": stock.cvm_stopped, "ImageName": "second"},
        "DeleteImages": several,
        "DescribeImages": {},
        "DescribeImageQuota": {},
        "DescribeImportImageOs": {},
        "DescribeImageFromFamily": {"ImageFamily": "daily"},
        "ModifyImageAttribute": {**own, "ImageName": "third", "ImageFamily": "weekly"},
        "ModifyImageSharePermission": {**own, "AccountIds": ["1038493875"], "Permission": "SHARE"},
        "DescribeImageSharePermission": own,
        "ExportImages": {**several, "BucketName": "test-bucket"},
        "SyncImages": {**several, "DestinationRegions": ["ap-guangzhou"], "ImageSetRequired": True},
        "ImportImage": {
            "Architecture": "x86_64", "OsType": "CentOS", "OsVersion": "6", "ImageName": "sample",
            "ImageUrl": "http://bucket.example/image.vmdk"},
    }


def cvm_keys(stock: SimpleNamespace) -> Calls:
    off = {"InstanceIds": [stock.cvm_stopped]}
    return {
        "CreateKeyPair": {"KeyName": "third", "ProjectId": 0},
        "ImportKeyPair": {"KeyName": "third", "ProjectId": 0, "PublicKey": "ssh-rsa XXXXXXXXXXXX== me"},
        "DeleteKeyPairs": {"KeyIds": [stock.cvm_spare_key]},
        "DescribeKeyPairs": {},
        "ModifyKeyPairAttribute": {"KeyId": stock.cvm_key, "Description": "for the web"},
        "AssociateInstancesKeyPairs": {**off, "KeyIds": [stock.cvm_spare_key]},
        "DisassociateInstancesKeyPairs": {**off, "KeyIds": [stock.cvm_key]},
    }


def cvm_templates(stock: SimpleNamespace) -> Calls:
    own, place = {"LaunchTemplateId": stock.template}, {"Placement": {"Zone": CVM_ZONE}}
    return {
        "CreateLaunchTemplate": {**place, "LaunchTemplateName": "other", "ImageId": CVM_IMAGE},
        "CreateLaunchTemplateVersion": {**own, **place},
        "DeleteLaunchTemplate": own,
        "DeleteLaunchTemplateVersions": {**own, "LaunchTemplateVersions": [2]},
        "DescribeLaunchTemplates": {},
        "DescribeLaunchTemplateVersions": own,
        "ModifyLaunchTemplateDefaultVersion": {**own, "DefaultVersion": 2},
        "CreateDisasterRecoverGroup": {"Name": "more", "Type": "HOST"},
        "DeleteDisasterRecoverGroups": {"DisasterRecoverGroupIds": [stock.placement_group]},
        "DescribeDisasterRecoverGroups": {},
        "DescribeDisasterRecoverGroupQuota": {},
        "ModifyDisasterRecoverGroupAttribute": {"DisasterRecoverGroupId": stock.placement_group, "Name": "other"},
    }


def cvm_hosts(stock: SimpleNamespace) -> Calls:
    hosts = {"ChcIds": stock.chc}
    return {
        "DescribeChcHosts": {},
        "DescribeChcDeniedActions": hosts,
        "ConfigureChcAssistVpc": {**hosts, "BmcVirtualPrivateCloud": stock.chc_place},
        "ConfigureChcDeployVpc": {**hosts, "DeployVirtualPrivateCloud": stock.chc_place},
        "RemoveChcAssistVpc": hosts,
        "RemoveChcDeployVpc": hosts,
        "ModifyChcAttribute": {**hosts, "InstanceName": "server1"},
        "AllocateHosts": {"Placement": {"Zone": CVM_ZONE}},
        "DescribeHosts": {},
        "ModifyHostsAttribute": {"HostIds": [stock.host], "HostName": "host1"},
    }


def cvm_reads(stock: SimpleNamespace) -> Calls:
    zone = {"Filters": [{"Name": "zone", "Values": [CVM_ZONE]}]}
    return {
        "DescribeRegions": {},
        "DescribeZones": {},
        "DescribeInstanceFamilyConfigs": {},
        "DescribeInternetChargeTypeConfigs": {},
        "DescribeZoneInstanceConfigInfos": zone,
        "DescribeInstanceTypeConfigs": zone,
    }
