"""Texts of any length for the parsers: the same calls, comprehensions and conditions in each language.

usage: texts.py belay|starlark|lua LINES
"""
import sys

GROUP = 10  # lines


def belay(lines):
    """A runbook without problems: a call to every ten lines."""
    parts = ["/// Generated.\nrunbook bench.large 1.0.0\n\nuse ecm with (EcmRegion: region)\n\ninputs {\n"
             "  region: ecm.Region = \"ap-hangzhou-ecm\"\n  zone: ecm.Zone = \"ap-hangzhou-ecm-1\"\n}\n"]
    for n in range(lines // GROUP):
        parts.append(f"""
// Network {n} of the fleet, with the names of its hosts.
let net{n} = ecm.CreateVpc(
  VpcName: "fleet-{n}-${{zone}}",
  CidrBlock: 10.20.0.0/16,
  Description: "made by the benchmark",
) retry on InternalError every 5s up to 2
let hosts{n} = [for i in range(8) if i % 2 == 0 or i > 5 => "${{zone}}-host-${{i + {n}}}"]
let large{n} = count(hosts{n}) * 3 - 1 > {n % 7}
output fleet{n} = {{ id: net{n}.Vpc.VpcId, hosts: hosts{n}, large: large{n} }}""")
    return "\n".join(parts) + "\n"


def starlark(lines):
    parts = ["def never_called(ecm, region, zone):\n"]
    for n in range(lines // GROUP):
        parts.append(f"""
    # Network {n} of the fleet, with the names of its hosts.
    net{n} = ecm.CreateVpc(
        VpcName = "fleet-{n}-" + zone,
        CidrBlock = "10.20.0.0/16",
        Description = "made by the benchmark",
    )
    hosts{n} = [zone + "-host-" + str(i + {n}) for i in range(8) if i % 2 == 0 or i > 5]
    large{n} = len(hosts{n}) * 3 - 1 > {n % 7}
    fleet{n} = {{"id": net{n}.Vpc.VpcId, "hosts": hosts{n}, "large": large{n}}}""")
    return "\n".join(parts)


def lua(lines):
    parts = []
    for n in range(lines // GROUP):
        parts.append(f"""
-- Network {n} of the fleet, with the names of its hosts.
net = ecm.CreateVpc {{
  VpcName = "fleet-{n}-" .. zone,
  CidrBlock = "10.20.0.0/16",
  Description = "made by the benchmark",
}}
hosts = {{}}
for i = 0, 7 do if i % 2 == 0 or i > 5 then hosts[#hosts + 1] = zone .. "-host-" .. tostring(i + {n}) end end
large = #hosts * 3 - 1 > {n % 7}
fleet{n} = {{ id = net.Vpc.VpcId, hosts = hosts, large = large }}""")
    return "\n".join(parts) + "\n"


if __name__ == "__main__":
    sys.stdout.write({"belay": belay, "starlark": starlark, "lua": lua}[sys.argv[1]](int(sys.argv[2])))
