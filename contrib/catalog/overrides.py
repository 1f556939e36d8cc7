"""Constraints that are set by hand, because the text cannot be read by rule or contradicts itself.

A value of None takes a constraint away.  `line` is the line of the dump where the row starts; the importer
checks that the row is there, so an entry that no longer fits the book is noticed.
"""

from __future__ import annotations

from dataclasses import dataclass

BOTH_CASES = ["true", "false", "TRUE", "FALSE"]
CHARGE_TYPES = ["PREPAID", "POSTPAID_BY_HOUR", "CDHPAID", "SPOTPAID"]


@dataclass(frozen=True)
class Override:
    """What to set for parameter or member `name` of the action or structure `owner`, and why."""

    service: str
    owner: str
    name: str
    set: dict[str, str | list[str] | None]
    reason: str


OVERRIDES: tuple[Override, ...] = (
    # ECM
    Override("ecm", "RunInstances", "ZoneInstanceCountISPSet", {"maxitems": None},
             "the limit of 100 counts instances, not entries of the list"),
    Override("ecm", "ZoneInstanceCountISP", "ISP",
             {"enum": None, "pattern": "(CTCC|CUCC|CMCC)(;(CTCC|CUCC|CMCC))*"},
             "several providers may be given, joined by semicolons"),
    Override("ecm", "CreateLoadBalancer", "AddressIPVersion", {"enum": ["IPV4", "IPv6FullChain"], "default": "IPV4"},
             "remarks in parentheses stand between the values"),
    Override("ecm", "CreateLoadBalancer", "LoadBalancerType", {"enum": ["OPEN"]},
             "the only value that may be passed is named in a sentence"),
    Override("ecm", "CreateListener", "SessionType", {"enum": ["NORMAL", "QUIC_CID"], "default": "NORMAL"},
             "a sentence stands between the values"),
    Override("ecm", "CreateListener", "SessionExpireTime", {"min": "0"},
             "the range is 30 to 3600, but 0 is the default and switches it off"),
    Override("ecm", "ModifyListener", "SessionExpireTime", {"min": "0"},
             "the range is 30 to 3600, but 0 is the default and switches it off"),
    Override("ecm", "DescribePriceRunInstance", "InstanceChargeType", {"enum": ["0", "1", "2"]},
             "the values are set as code and not found by rule"),
    Override("ecm", "SystemDisk", "DiskType",
             {"enum": ["LOCAL_BASIC", "CLOUD_PREMIUM", "CLOUD_BASIC"], "default": "CLOUD_BASIC"},
             "the default is not among the valid values printed beside it"),
    Override("ecm", "Route", "RouteType", {"enum": ["USER", "NETD", "CCN"]},
             "the explanation of the second value hides the third"),
    Override("ecm", "SecurityGroupPolicy", "Protocol", {"enum": ["TCP", "UDP", "ICMP", "GRE", "ALL", "tcp", "udp", "icmp", "gre", "all"]},
             "the page of CreateSecurityGroupPolicies allows GRE and ALL as well; examples write small letters"),
    Override("ecm", "SecurityGroupPolicy", "Action", {"enum": ["ACCEPT", "DROP", "accept", "drop"]},
             "the values are joined by \"or\" without an announcement; examples write small letters"),
    Override("ecm", "TerminateInstances", "TerminateTime", {"format": "datetime"},
             "the form is shown by a sample only"),
    # CVM
    Override("cvm", "RunInstances", "InstanceChargeType", {"enum": CHARGE_TYPES, "default": "POSTPAID_BY_HOUR"},
             "PREPAID is missing in the list, but used in an example and by InstanceChargePrepaid"),
    Override("cvm", "InquiryPriceRunInstances", "InstanceChargeType", {"enum": CHARGE_TYPES},
             "the list has one value; InstanceChargePrepaid of the same page needs PREPAID"),
    Override("cvm", "CreateLaunchTemplate", "InstanceChargeType",
             {"enum": CHARGE_TYPES, "default": "POSTPAID_BY_HOUR"}, "the text is cut off at the right edge"),
    Override("cvm", "CreateLaunchTemplateVersion", "InstanceChargeType",
             {"enum": CHARGE_TYPES, "default": "POSTPAID_BY_HOUR"}, "the text is cut off at the right edge"),
    Override("cvm", "CreateLaunchTemplate", "InstanceCount", {"default": "1", "min": "1", "max": "300"},
             "the text is cut off; as on CreateLaunchTemplateVersion"),
    Override("cvm", "CreateLaunchTemplateVersion", "InstanceCount", {"default": "1", "min": "1", "max": "300"},
             "two ranges by billing type, the wider is 1 to 300"),
    Override("cvm", "CreateLaunchTemplate", "InstanceName", {"maxlength": "128"},
             "the text is cut off; as on CreateLaunchTemplateVersion"),
    Override("cvm", "CreateLaunchTemplate", "HostName", {"minlength": "2", "maxlength": "60"},
             "the text is cut off; as on RunInstances"),
    Override("cvm", "CreateLaunchTemplateVersion", "HostName", {"minlength": "2", "maxlength": "60"},
             "the text is cut off; as on RunInstances"),
    Override("cvm", "CreateLaunchTemplate", "ClientToken", {"maxlength": "64"},
             "the text is cut off; as on RunInstances"),
    Override("cvm", "CreateLaunchTemplateVersion", "ClientToken", {"maxlength": "64"},
             "the text is cut off; as on RunInstances"),
    Override("cvm", "CreateLaunchTemplate", "DataDisks", {"maxitems": "21"},
             "the text is cut off; as on RunInstances"),
    Override("cvm", "CreateLaunchTemplate", "DisasterRecoverGroupIds", {"maxitems": "1"},
             "the text is cut off; as on RunInstances"),
    Override("cvm", "CreateLaunchTemplate", "DisableApiTermination", {"default": "false"},
             "the text is cut off; as on RunInstances"),
    Override("cvm", "CreateLaunchTemplate", "LaunchTemplateVersionDescription",
             {"minlength": "2", "maxlength": "256"}, "the text is cut off behind the numbers"),
    Override("cvm", "CreateLaunchTemplateVersion", "LaunchTemplateVersionDescription",
             {"minlength": "2", "maxlength": "256"}, "the text is cut off; as on CreateLaunchTemplate"),
    Override("cvm", "CreateLaunchTemplate", "TemplateDataModifyAction",
             {"enum": ["Update", "Replace"], "default": "Replace"}, "the text is cut off; both values are explained"),
    Override("cvm", "CreateLaunchTemplateVersion", "TemplateDataModifyAction",
             {"enum": ["Update", "Replace"], "default": "Replace"}, "the text is cut off; both values are explained"),
    Override("cvm", "InquiryPriceRunInstances", "HostName", {"maxlength": "60"},
             "30 is printed here, 60 on RunInstances, which takes the same name"),
    Override("cvm", "ModifyInstancesAttribute", "AutoReboot", {"default": "true"},
             "the default is told in a sentence"),
    Override("cvm", "ModifyImageSharePermission", "Permission", {"enum": ["SHARE", "CANCEL"]},
             "commas stand between the values and their explanations"),
    Override("cvm", "ImportImage", "Architecture", {"enum": ["x86_64", "i386"]},
             "the values are joined by \"or\" without an announcement"),
    Override("cvm", "ConvertOperatingSystems", "TargetOSType", {"enum": ["TencentOS"]},
             "the only value is named in a sentence"),
    Override("cvm", "ModifyChcAttribute", "BmcUser", {"pattern": "[A-Za-z0-9_-]+"},
             "the allowed characters are told in words"),
    Override("cvm", "ActionTimer", "TimerAction", {"enum": ["TerminateInstances"]},
             "the only value is named in a sentence"),
    Override("cvm", "ActionTimer", "ActionTime", {"format": "iso8601"}, "the form is told in a sentence"),
    Override("cvm", "InstanceMarketOptionsRequest", "MarketType", {"enum": ["spot"]},
             "the only value is named in a sentence"),
    Override("cvm", "InternetAccessible", "InternetChargeType", {"enum": None},
             "other pages name BANDWIDTH_PREPAID and BANDWIDTH_POSTPAID_BY_HOUR as well"),
    Override("cvm", "LoginSettings", "Password", {"exclusive": ["KeyIds"]},
             "the sentence names the parameters by their meaning"),
    Override("cvm", "LoginSettings", "KeepImageLogin",
             {"enum": BOTH_CASES, "default": "false", "exclusive": ["Password", "KeyIds"]},
             "the values and the exclusion are told in sentences"),
    Override("cvm", "MetadataItem", "Key", {"pattern": "[a-zA-Z0-9_-]+"}, "the expression is broken by a line end"),
    Override("cvm", "MetadataItem", "Value", {"maxlength": "262144"}, "256 KB, written with a sign"),
)


def overrides_of(service: str) -> dict[tuple[str, str], Override]:
    """The overrides of a service by owner and name."""
    found = {}
    for item in OVERRIDES:
        if item.service == service:
            key = (item.owner, item.name)
            if key in found:
                raise ValueError(f"two overrides for {service} {key}")
            found[key] = item
    return found
