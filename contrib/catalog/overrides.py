"""Constraints that are set by hand, because the text cannot be read by rule or contradicts itself.

A value of None takes a constraint away.  The number is the line of the dump where the row starts; the importer
stops if the row is not there, so an entry that no longer fits the book is noticed.
"""

from __future__ import annotations

from dataclasses import dataclass

BOTH_CASES = ["true", "false", "TRUE", "FALSE"]
CUT_OFF = "the text is cut off at the right edge; the international SDK prints it whole"
CHARGE_TYPES = ["PREPAID", "POSTPAID_BY_HOUR", "CDHPAID", "SPOTPAID"]


@dataclass(frozen=True)
class Override:
    """What to set for parameter or member `name` of the action or structure `owner`, and why."""

    service: str
    line: int
    owner: str
    name: str
    set: dict[str, str | list[str] | None]
    reason: str


OVERRIDES: tuple[Override, ...] = (
    # The ECM book.
    Override("ecm", 8826, "RunInstances", "ZoneInstanceCountISPSet", {"maxitems": None},
             "the limit of 100 counts instances, not entries of the list"),
    Override("ecm", 34121, "ZoneInstanceCountISP", "ISP",
             {"enum": None, "pattern": "(CTCC|CUCC|CMCC)(;(CTCC|CUCC|CMCC))*"},
             "several providers may be given, joined by semicolons"),
    Override("ecm", 20445, "CreateLoadBalancer", "AddressIPVersion",
             {"enum": ["IPV4", "IPv6FullChain"], "default": "IPV4"},
             "remarks in parentheses stand between the values"),
    Override("ecm", 20402, "CreateLoadBalancer", "LoadBalancerType", {"enum": ["OPEN"]},
             "the only value that may be passed is named in a sentence"),
    Override("ecm", 20683, "CreateListener", "SessionType", {"enum": ["NORMAL", "QUIC_CID"], "default": "NORMAL"},
             "a sentence stands between the values"),
    Override("ecm", 20669, "CreateListener", "SessionExpireTime", {"min": "0"},
             "the range is 30 to 3600, but 0 is the default and switches it off"),
    Override("ecm", 18693, "ModifyListener", "SessionExpireTime", {"min": "0"},
             "the range is 30 to 3600, but 0 is the default and switches it off"),
    Override("ecm", 10261, "DescribePriceRunInstance", "InstanceChargeType", {"enum": ["0", "1", "2"]},
             "the values are set as code and not found by rule"),
    Override("ecm", 33819, "SystemDisk", "DiskType",
             {"enum": ["LOCAL_BASIC", "CLOUD_PREMIUM", "CLOUD_BASIC"], "default": "CLOUD_BASIC"},
             "the default is not among the valid values printed beside it"),
    Override("ecm", 33305, "Route", "RouteType", {"enum": ["USER", "NETD", "CCN"]},
             "the explanation of the second value hides the third"),
    Override("ecm", 33535, "SecurityGroupPolicy", "Protocol",
             {"enum": ["TCP", "UDP", "ICMP", "GRE", "ALL", "tcp", "udp", "icmp", "gre", "all"]},
             "the page of CreateSecurityGroupPolicies allows GRE and ALL as well; examples write small letters"),
    Override("ecm", 33540, "SecurityGroupPolicy", "ServiceTemplate", {"exclusive": ["Protocol", "Port"]},
             "the two others are written as one word with a plus sign"),
    Override("ecm", 33556, "SecurityGroupPolicy", "Action", {"enum": ["ACCEPT", "DROP", "accept", "drop"]},
             'the values are joined by "or" without an announcement; examples write small letters'),
    Override("ecm", 7900, "TerminateInstances", "TerminateTime", {"format": "datetime"},
             "the form is shown by a sample only"),
    # The CVM book.
    Override("cvm", 2097, "RunInstances", "InstanceChargeType", {"enum": CHARGE_TYPES, "default": "POSTPAID_BY_HOUR"},
             "PREPAID is missing in the list, but used in an example and by InstanceChargePrepaid"),
    Override("cvm", 5717, "InquiryPriceRunInstances", "InstanceChargeType", {"enum": CHARGE_TYPES},
             "the list has one value; InstanceChargePrepaid of the same page needs PREPAID"),
    Override("cvm", 20935, "CreateLaunchTemplate", "InstanceChargeType",
             {"enum": CHARGE_TYPES, "default": "POSTPAID_BY_HOUR"}, CUT_OFF),
    Override("cvm", 21806, "CreateLaunchTemplateVersion", "InstanceChargeType",
             {"enum": CHARGE_TYPES, "default": "POSTPAID_BY_HOUR"}, CUT_OFF),
    Override("cvm", 20798, "CreateLaunchTemplate", "InstanceCount", {"default": "1", "min": "1", "max": "300"},
             CUT_OFF),
    Override("cvm", 21580, "CreateLaunchTemplateVersion", "InstanceCount", {"default": "1", "min": "1", "max": "300"},
             "two ranges by billing type, the wider is 1 to 300"),
    Override("cvm", 20807, "CreateLaunchTemplate", "InstanceName", {"maxlength": "128"}, CUT_OFF),
    Override("cvm", 20866, "CreateLaunchTemplate", "HostName", {"minlength": "2", "maxlength": "60"}, CUT_OFF),
    Override("cvm", 21690, "CreateLaunchTemplateVersion", "HostName", {"minlength": "2", "maxlength": "60"}, CUT_OFF),
    Override("cvm", 20858, "CreateLaunchTemplate", "ClientToken", {"maxlength": "64"}, CUT_OFF),
    Override("cvm", 21680, "CreateLaunchTemplateVersion", "ClientToken", {"maxlength": "64"}, CUT_OFF),
    Override("cvm", 20774, "CreateLaunchTemplate", "DataDisks", {"maxitems": "21"}, CUT_OFF),
    Override("cvm", 20889, "CreateLaunchTemplate", "DisasterRecoverGroupIds", {"maxitems": "1"}, CUT_OFF),
    Override("cvm", 20959, "CreateLaunchTemplate", "DisableApiTermination", {"default": "false"}, CUT_OFF),
    Override("cvm", 20706, "CreateLaunchTemplate", "LaunchTemplateName", {"minlength": "2", "maxlength": "128"},
             CUT_OFF),
    Override("cvm", 20738, "CreateLaunchTemplate", "LaunchTemplateVersionDescription",
             {"minlength": "2", "maxlength": "256"}, CUT_OFF),
    Override("cvm", 21456, "CreateLaunchTemplateVersion", "LaunchTemplateVersionDescription",
             {"minlength": "2", "maxlength": "256"}, CUT_OFF),
    Override("cvm", 20976, "CreateLaunchTemplate", "TemplateDataModifyAction",
             {"enum": ["Update", "Replace"], "default": "Replace"}, CUT_OFF),
    Override("cvm", 21868, "CreateLaunchTemplateVersion", "TemplateDataModifyAction",
             {"enum": ["Update", "Replace"], "default": "Replace"}, CUT_OFF),
    Override("cvm", 5895, "InquiryPriceRunInstances", "HostName", {"maxlength": "60"},
             "30 is printed here, 60 on RunInstances, which takes the same name"),
    Override("cvm", 9284, "ModifyInstancesAttribute", "AutoReboot", {"default": "true"},
             "the default is told in a sentence"),
    Override("cvm", 18191, "ModifyImageSharePermission", "Permission", {"enum": ["SHARE", "CANCEL"]},
             "commas stand between the values and their explanations"),
    Override("cvm", 19132, "ImportImage", "Architecture", {"enum": ["x86_64", "i386"]},
             'the values are joined by "or" without an announcement'),
    Override("cvm", 20202, "ConvertOperatingSystems", "TargetOSType", {"enum": ["TencentOS"]},
             "the only value is named in a sentence"),
    Override("cvm", 15875, "ModifyChcAttribute", "BmcUser", {"pattern": "[A-Za-z0-9_-]+"},
             "the allowed characters are told in words"),
    Override("cvm", 31387, "ActionTimer", "TimerAction", {"enum": ["TerminateInstances"]},
             "the only value is named in a sentence"),
    Override("cvm", 31390, "ActionTimer", "ActionTime", {"format": "iso8601"}, "the form is told in a sentence"),
    Override("cvm", 32397, "InstanceMarketOptionsRequest", "MarketType", {"enum": ["spot"]},
             "the only value is named in a sentence"),
    Override("cvm", 32555, "InternetAccessible", "InternetChargeType", {"enum": None},
             "other pages name BANDWIDTH_PREPAID and BANDWIDTH_POSTPAID_BY_HOUR as well"),
    Override("cvm", 33216, "LoginSettings", "Password", {"exclusive": ["KeyIds"]},
             "the sentence names the parameters by their meaning"),
    Override("cvm", 33248, "LoginSettings", "KeepImageLogin",
             {"enum": BOTH_CASES, "default": "false", "exclusive": ["Password", "KeyIds"]},
             "the values and the exclusion are told in sentences"),
    Override("cvm", 33280, "MetadataItem", "Key", {"pattern": "[a-zA-Z0-9_-]+"},
             "the expression is broken by a line end"),
    Override("cvm", 33284, "MetadataItem", "Value", {"maxlength": "262144"}, "256 KB, written with a sign"),
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
