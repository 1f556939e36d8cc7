"""Measures the emulator beside moto_server and an empty handler of the same HTTP library; see emulator.sh.

All three get their load from the same program, in the same run, in turn. Of several rounds, the best rate counts, the
median of the processor time, and the median of the ratios of each round. Requests to the emulator are signed with
TC3-HMAC-SHA256 and checked by it; moto checks no signatures.
"""

import hashlib
import hmac
import http.client
import json
import os
import re
import shutil
import socket
import struct
import subprocess
import sys
import tempfile
import time
import urllib.parse

SECRET_ID, SECRET_KEY = "bench", "bench-key"
CONNECTIONS = int(os.environ.get("CONNECTIONS", "16"))
SECONDS = float(os.environ.get("SECONDS_EACH", "2"))
ROUNDS = int(os.environ.get("ROUNDS", "5"))
SIZES = [int(size) for size in os.environ.get("SIZES", "1000 10000 100000").split()]
SMALL = 1000


def digest(key, text):
    return hmac.new(key, text.encode(), hashlib.sha256).digest()


def signed(action, parameters):
    """A request of ECM as its bytes, signed for the next five minutes."""
    body = json.dumps(parameters)
    stamp = int(time.time())
    date = time.strftime("%Y-%m-%d", time.gmtime(stamp))
    headers = "content-type:application/json\nhost:127.0.0.1\n"
    canonical = "\n".join(
        ["POST", "/", "", headers, "content-type;host", hashlib.sha256(body.encode()).hexdigest()])
    scope = f"{date}/ecm/tc3_request"
    text = "\n".join(["TC3-HMAC-SHA256", str(stamp), scope, hashlib.sha256(canonical.encode()).hexdigest()])
    key = digest(digest(digest(("TC3" + SECRET_KEY).encode(), date), "ecm"), "tc3_request")
    signature = hmac.new(key, text.encode(), hashlib.sha256).hexdigest()
    return (
        "POST / HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
        f"Authorization: TC3-HMAC-SHA256 Credential={SECRET_ID}/{scope}, SignedHeaders=content-type;host, "
        f"Signature={signature}\r\nX-TC-Action: {action}\r\nX-TC-Version: 2019-07-19\r\nX-TC-Timestamp: {stamp}\r\n"
        f"Content-Length: {len(body)}\r\n\r\n{body}").encode()


def moto_request(**parameters):
    body = urllib.parse.urlencode({"Version": "2016-11-15", **parameters})
    return (
        "POST / HTTP/1.1\r\nHost: ec2.us-east-1.amazonaws.com\r\n"
        "Content-Type: application/x-www-form-urlencoded\r\n"
        "Authorization: AWS4-HMAC-SHA256 Credential=bench/20260101/us-east-1/ec2/aws4_request, SignedHeaders=host, "
        f"Signature=0\r\nContent-Length: {len(body)}\r\n\r\n{body}").encode()


def exchange(port, request):
    """One answer's body."""
    with socket.create_connection(("127.0.0.1", port)) as connection:
        connection.sendall(request)
        response = http.client.HTTPResponse(connection)
        response.begin()
        return response.read()


class Server:
    """A process that listens, and how long it took until it answered."""

    def __init__(self, words, port, first):
        self.port = port
        begun = time.monotonic()
        self.process = subprocess.Popen(words, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                                        stderr=subprocess.DEVNULL)
        while True:
            try:
                exchange(port, first)
                break
            except OSError:
                if self.process.poll() is not None or time.monotonic() - begun > 60:
                    sys.exit(f"emulator: {words[0]} does not serve on port {port}")
                time.sleep(0.001)
        self.first_answer = time.monotonic() - begun

    def memory(self):
        with open(f"/proc/{self.process.pid}/status") as status:
            return int(re.search(r"VmRSS:\s+(\d+)", status.read()).group(1)) / 1024

    def processor_time(self):
        """Seconds of all its threads so far."""
        with open(f"/proc/{self.process.pid}/stat") as stat:
            fields = stat.read().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def stop(self):
        self.process.terminate()
        self.process.wait()


class Bench:
    def __init__(self, belay, load, empty, work):
        self.belay, self.load_program, self.empty, self.work = belay, load, empty, work
        self.next_port = 28600

    def port(self):
        self.next_port += 1
        return self.next_port

    def load(self, server, requests, rate=None, seconds=None, connections=None):
        path = os.path.join(self.work, "requests")
        with open(path, "wb") as file:
            for request in requests:
                file.write(struct.pack("<I", len(request)) + request)
        words = [self.load_program, "127.0.0.1", str(server.port), path, str(connections or CONNECTIONS),
                 str(seconds or SECONDS)]
        before = server.processor_time()
        output = subprocess.run(words + ([str(rate)] if rate else []), check=True, capture_output=True, text=True)
        result = json.loads(output.stdout)
        if result["failures"]:
            sys.exit(f"emulator: {result['failures']} answers are errors; the first: {result['failure']}")
        result["cpu"] = (server.processor_time() - before) / max(1, result["requests"]) * 1e6
        return result

    def start_belay(self):
        port = self.port()
        return Server(
            [self.belay, "emulator", "serve", "--listen", f"127.0.0.1:{port}", "--credentials",
             f"{SECRET_ID}:{SECRET_KEY}", "--seed", "7", "--speed", "1000", "--no-rate-limits"],
            port, signed("DescribeConfig", {}))

    def start_empty(self):
        port = self.port()
        return Server([self.empty, str(port)], port, signed("DescribeConfig", {}))

    def start_moto(self):
        port = self.port()
        return Server(["moto_server", "-H", "127.0.0.1", "-p", str(port)], port,
                      moto_request(Action="DescribeRegions"))


class World:
    """What the emulator holds: subnets with room for 130,000 instances, and instances put into them."""

    ZONES = ["ap-guangzhou-ecm-1", "ap-guangzhou-ecm-2"]

    def __init__(self, server):
        self.server, self.count, self.ids, self.places = server, 0, [], []
        for number, zone in enumerate(self.ZONES):
            network = f"{['172.16', '192.168'][number]}.0.0/16"
            vpc = self.call("CreateVpc", VpcName=f"bench-{number}", CidrBlock=network, EcmRegion="ap-guangzhou-ecm")
            vpc = vpc["Vpc"]["VpcId"]
            subnet = self.call("CreateSubnet", VpcId=vpc, SubnetName="bench", CidrBlock=network, Zone=zone,
                               EcmRegion="ap-guangzhou-ecm")["Subnet"]["SubnetId"]
            self.places.append({"Zone": zone, "ISP": "CMCC", "VpcId": vpc, "SubnetId": subnet})

    def call(self, action, **parameters):
        answer = json.loads(exchange(self.server.port, signed(action, parameters)))["Response"]
        if "Error" in answer:
            sys.exit(f"emulator: {action}: {answer['Error']}")
        return answer

    def run_parameters(self, place, count, **more):
        return {
            "ZoneInstanceCountISPSet": [{**self.places[place], "InstanceCount": count}], "InstanceType": "S5.SMALL2",
            "ImageId": "img-q9fy0if9", "InternetMaxBandwidthOut": 5, "DataDiskSize": 0, **more}

    def fill(self, size):
        """Up to so many; each has a name of its own, and each hundred a tag of its own."""
        while self.count < size:
            tags = [{"ResourceType": "instance", "Tags": [{"Key": "group", "Value": f"g{self.count // 100}"}]}]
            answer = self.call("RunInstances", **self.run_parameters(
                self.count // 100 % 2, 100, InstanceName=f"web-{{R:{self.count}}}", TagSpecification=tags))
            self.ids += answer["InstanceIdSet"]
            self.count += 100

    def describe(self, offset=0, **filters):
        filters = [{"Name": name.replace("_", "-"), "Values": [value]} for name, value in filters.items()]
        return {"Filters": filters, "Offset": offset, "Limit": 1}

    def questions(self):
        """By what instances are asked for, in the columns of the table: several requests each, of one row each."""
        some = [self.ids[number * len(self.ids) // 50] for number in range(50)]
        ips = [self.call("DescribeInstances", **self.describe(instance_id=one))["InstanceSet"][0]["Internet"]
               ["PrivateIPAddressSet"][0]["PrivateIPAddress"] for one in some]
        numbers = [number * self.count // 50 for number in range(50)]
        return {
            "id": [self.describe(instance_id=one) for one in some],
            "address": [self.describe(ip_address=ip) for ip in ips],
            "name part": [self.describe(instance_name=f"eb-{number}") for number in numbers],
            "tag": [self.describe(**{"tag:group": f"g{number // 100}"}) for number in numbers],
            "zone": [self.describe(offset=number // 3, zone=self.ZONES[0]) for number in numbers],
            "zone + tag": [self.describe(zone=self.ZONES[number // 100 % 2], **{"tag:group": f"g{number // 100}"})
                           for number in numbers],
            "page": [self.describe(offset=number) for number in numbers],
        }


def requests(parameters):
    return [signed("DescribeInstances", one) for one in parameters]


def say(name, *columns):
    print(f"{name:<50}" + "".join(f"{column:>13}" for column in columns), flush=True)


def median(values):
    values = sorted(values)
    return (values[(len(values) - 1) // 2] + values[len(values) // 2]) / 2


def ratio(value, base):
    return f"{value / base:.2f}" if value < 10 * base else f"{value / base:.0f}"


def compare(bench):
    """Rates of all three, in turn, in short rounds: what else the machine does falls on all of them."""
    rounds = {name: [] for name in ("empty", "describe", "run", "moto describe", "moto run")}
    moto = bench.start_moto()
    moto_ids = []
    while len(moto_ids) < SMALL:
        page = exchange(moto.port, moto_request(
            Action="RunInstances", ImageId="ami-12c6146b", MinCount=100, MaxCount=100)).decode()
        moto_ids += re.findall(r"<instanceId>(i-[0-9a-f]+)</instanceId>", page)
    moto_describes = [moto_request(**{"Action": "DescribeInstances", "InstanceId.1": one}) for one in moto_ids]
    moto_run = [moto_request(Action="RunInstances", ImageId="ami-12c6146b", MinCount=1, MaxCount=1)]
    belay, empty = bench.start_belay(), bench.start_empty()
    world = World(belay)
    world.fill(SMALL)
    describes = [world.describe(instance_id=one) for one in world.ids[:SMALL]]

    def runs():
        fresh = bench.start_belay()
        place = World(fresh)
        return fresh, [signed("RunInstances", place.run_parameters(zone, 1)) for zone in range(2)]

    for number in range(ROUNDS):
        rounds["empty"].append(bench.load(empty, requests(describes[:1])))
        rounds["describe"].append(bench.load(belay, requests(describes)))
        fresh, what = runs()
        rounds["run"].append(bench.load(fresh, what))
        fresh.stop()
        if number < 2:
            rounds["moto describe"].append(bench.load(moto, moto_describes))
            rounds["moto run"].append(bench.load(moto, moto_run))
    rate = {name: max(one["rate"] for one in results) for name, results in rounds.items()}
    spent = {name: median(one["cpu"] for one in results) for name, results in rounds.items()}
    # Requests become due whether or not there are answers, so that one pause of the machine for as little as a
    # fiftieth of a round shows in its 99th part: of the rounds, the middle one counts, and the worst is told.
    half = {"run": [], "describe": [], "empty": []}
    for number in range(ROUNDS):
        half["describe"].append(bench.load(belay, requests(describes), rate=rate["describe"] / 2))
        fresh, what = runs()
        half["run"].append(bench.load(fresh, what, rate=rate["run"] / 2))
        fresh.stop()
        half["empty"].append(bench.load(empty, requests(describes[:1]), rate=rate["describe"] / 2))
    for server in (moto, belay, empty):
        server.stop()

    titles = {"run": "RunInstances, one instance", "describe": f"DescribeInstances by id, of {SMALL}"}
    say("a second, signatures checked", "emulator", "moto", "ratio")
    for name, title in titles.items():
        say(title, f"{rate[name]:.0f}", f"{rate[f'moto {name}']:.1f}", ratio(rate[name], rate[f"moto {name}"]))
    print()
    say("beside an empty handler of the HTTP library", "emulator", "empty", "ratio")
    for name, title in titles.items():
        beside = median(one["rate"] / none["rate"] for one, none in zip(rounds[name], rounds["empty"]))
        say(f"{title}, a second", f"{rate[name]:.0f}", f"{rate['empty']:.0f}", f"{beside:.2f}")
    for name, title in titles.items():
        beside = median(none["cpu"] / one["cpu"] for one, none in zip(rounds[name], rounds["empty"]))
        say(f"{title}, microseconds", f"{spent[name]:.0f}", f"{spent['empty']:.0f}", f"{beside:.2f}")
    print()
    say("at half of that load, ms", "a second", "p50", "p99", "worst p99")
    for name, title in {**titles, "empty": "the empty handler, at the latter rate"}.items():
        least, middle, worst = (
            choose(one[part] for one in half[name])
            for choose, part in ((min, "rate"), (median, "p50"), (max, "p99")))
        say(title, f"{least:.0f}", f"{middle:.2f}", f"{median(one['p99'] for one in half[name]):.2f}", f"{worst:.2f}")
    print()
    say("processor time a call, microseconds", "emulator", "moto", "ratio")
    for name, title in titles.items():
        say(title, f"{spent[name]:.0f}", f"{spent[f'moto {name}']:.0f}", ratio(spent[f"moto {name}"], spent[name]))
    print()


def sizes(bench):
    first, memory = {}, {}
    for size in SIZES:
        belay = bench.start_belay()
        world = World(belay)
        world.fill(size)
        memory[size] = [belay.memory()]
        questions = world.questions()
        if not first:
            say("processor time of DescribeInstances, one row, by", *questions)
        first[size], times = [], []
        for parameters in questions.values():
            what = requests(parameters)
            begun = time.monotonic()
            exchange(belay.port, what[0])
            first[size].append((time.monotonic() - begun) * 1000)
            times.append(min(bench.load(belay, what, seconds=SECONDS / 2)["cpu"] for _ in range(ROUNDS)))
        say(f"of {size} instances, microseconds", *(f"{one:.0f}" for one in times))
        memory[size].append(belay.memory())
        belay.stop()
    print()
    say("the first such question, which makes the index", *questions)
    for size in SIZES:
        say(f"of {size} instances, ms", *(f"{one:.1f}" for one in first[size]))
    print()
    say("memory, MB", "filled", "with indexes")
    for size in SIZES:
        say(f"with {size} instances", *(f"{one:.0f}" for one in memory[size]))


def start(bench):
    times = []
    for _ in range(10):
        server = bench.start_belay()
        times.append(server.first_answer * 1000)
        server.stop()
    times.sort()
    say("start to first answer, ms", "median", "least", "most")
    say("", f"{times[len(times) // 2]:.0f}", f"{times[0]:.0f}", f"{times[-1]:.0f}")
    print()


def main():
    belay, load, empty = sys.argv[1:4]
    parts = sys.argv[4:] or ["start", "compare", "sizes"]
    work = tempfile.mkdtemp(prefix="belay-bench-emulator.")
    bench = Bench(belay, load, empty, work)
    try:
        for part in parts:
            {"start": start, "compare": compare, "sizes": sizes}[part](bench)
    finally:
        shutil.rmtree(work)
    print("load of the machine: " + open("/proc/loadavg").read().rsplit(" ", 2)[0])


main()
