import CloudCatalog
import CloudEmulator
import Testing
import Values

@testable import EmulatorServer

@Suite("Requests of every form")
struct GateTests {
  private let gate = Gate(credentials: [
    "AKIDtest": Credential(secretKey: "key-of-the-test", account: "tester"),
    "AKIDtemporary": Credential(secretKey: "passing-key", account: "tester", token: "the-token"),
  ])
  private let now = Instant(milliseconds: 1_767_323_045_000)

  private func code(_ request: WireRequest) -> String? {
    do throws(WireRefusal) {
      _ = try gate.admit(request, now: now)
      return nil
    } catch {
      return error.code
    }
  }

  @Test("GET and form, by HmacSHA1 and HmacSHA256, carry the same call", arguments: [nil, "HmacSHA1", "HmacSHA256"])
  func versionOne(_ method: String?) throws {
    var requests = SignedRequests()
    requests.method = method
    let more = [
      "Region": "ap-hangzhou", "EcmRegion": "ap-hangzhou-ecm", "VpcName": "a b&c=d/ü", "CidrBlock": "10.0.0.0/16",
      "Language": "zh-CN", "RequestClient": "SDK_PYTHON_3.0",
    ]
    let expected = CloudRequest(
      account: "tester", action: "ecm.CreateVpc", region: "ap-hangzhou",
      ["VpcName": "a b&c=d/ü", "CidrBlock": "10.0.0.0/16", "EcmRegion": "ap-hangzhou-ecm"])
    #expect(try gate.admit(requests.get("CreateVpc", more), now: now) == expected)
    #expect(try gate.admit(requests.form("CreateVpc", more), now: now) == expected)
  }

  @Test("every part of a version 1 request counts")
  func versionOneRefusals() {
    let good = SignedRequests()
    func changed(_ change: (inout SignedRequests) -> Void, _ more: [String: String] = [:]) -> String? {
      var requests = good
      change(&requests)
      return code(requests.get("DescribeNode", more))
    }
    #expect(changed { _ in } == nil)
    #expect(changed { $0.secretID = "AKIDnobody" } == "AuthFailure.SecretIdNotFound")
    #expect(changed { $0.secretKey = "wrong" } == "AuthFailure.SignatureFailure")
    #expect(changed { $0.timestamp -= 301 } == "AuthFailure.SignatureExpire")
    #expect(changed { $0.timestamp -= 300 } == nil)
    #expect(changed { $0.timestamp += 301 } == "AuthFailure.SignatureExpire")
    #expect(changed { $0.version = "2018-01-01" } == "NoSuchVersion")
    #expect(changed({ _ in }, ["Nonce": "0"]) == "InvalidParameterValue")
    #expect(changed({ _ in }, ["Nonce": ""]) == "MissingParameter")
    for name in ["SecretId", "Timestamp", "Nonce", "Action", "Version"] {
      #expect(changed({ _ in }, [name: ""]) == "MissingParameter", "\(name)")
    }
    let text = good.text("GET", "DescribeNode", [:])
    let wire = { (query: String) in
      WireRequest(method: "GET", path: "/", query: query, headers: ["host": good.host], body: [])
    }
    #expect(code(wire(text.replacing("Nonce=11886", with: "Nonce=11887"))) == "AuthFailure.SignatureFailure")
    #expect(code(wire(text + "&Nonce=11886")) == "InvalidParameter")
    #expect(code(wire(text + "&Limit=%zz")) == "InvalidParameter")
    #expect(code(good.form("DescribeNode")) == nil)
    #expect(code(WireRequest(method: "GET", path: "/", headers: [:], body: [])) == "MissingParameter")
  }

  @Test("a GET is signed by version 3 as it was sent, or with its query sorted and encoded")
  func versionThreeGet() throws {
    let requests = SignedRequests()
    let query = "Limit=10&EcmRegion=ap-hangzhou-ecm&Filters.0.Name=vpc-name&Filters.0.Values.0=a%20b"
    let expected = CloudRequest(
      account: "tester", action: "ecm.DescribeVpcs",
      [
        "EcmRegion": "ap-hangzhou-ecm", "Limit": 10, "Filters": [["Name": "vpc-name", "Values": ["a b"]]],
      ])
    let sorted = query.split(separator: "&").sorted().joined(separator: "&")
    for signed in [query, sorted] {
      let request = requests.get("DescribeVpcs", query: query, signing: signed)
      let admitted = try gate.admit(request, now: now)
      #expect(admitted == expected)
    }
    #expect(code(requests.get("DescribeVpcs", query: query, signing: "")) == "AuthFailure.SignatureFailure")
    #expect(code(requests.get("DescribeVpcs", query: "", service: "cvm")) == "NoSuchVersion")
  }

  @Test(
    "the service is the host's, also with a region or intl, else the version's",
    arguments: [
      ("ecm.tencentcloudapi.com", "2019-07-19", "ecm.DescribeNode"),
      ("ecm.ap-hangzhou.tencentcloudapi.com", "2019-07-19", "ecm.DescribeNode"),
      ("cvm.intl.tencentcloudapi.com", "2017-03-12", "cvm.DescribeNode"),
      ("CVM.localhost", "2017-03-12", "cvm.DescribeNode"),
      ("127.0.0.1:9000", "2017-03-12", "cvm.DescribeNode"), ("localhost", "2019-07-19", "ecm.DescribeNode"),
      ("ecm.tencentcloudapi.com", "2017-03-12", "NoSuchVersion"),
      ("cos.tencentcloudapi.com", "2017-03-12", "NoSuchProduct"),
      ("127.0.0.1", "2020-01-01", "NoSuchVersion"),
    ])
  func service(_ host: String, _ version: String, _ expected: String) {
    var requests = SignedRequests()
    (requests.host, requests.version) = (host, version)
    do throws(WireRefusal) {
      #expect(try gate.admit(requests.get("DescribeNode"), now: now).action.description == expected)
    } catch {
      #expect(error.code == expected)
    }
  }

  @Test("a temporary key needs its token, and a lasting one has none")
  func tokens() {
    var requests = SignedRequests()
    (requests.secretID, requests.secretKey) = ("AKIDtemporary", "passing-key")
    #expect(code(requests.get("DescribeNode")) == "AuthFailure.TokenFailure")
    requests.token = "another"
    #expect(code(requests.get("DescribeNode")) == "AuthFailure.TokenFailure")
    requests.token = "the-token"
    #expect(code(requests.get("DescribeNode")) == nil)
    #expect(code(requests.form("DescribeNode")) == nil)
    var lasting = SignedRequests()
    lasting.token = "the-token"
    #expect(code(lasting.get("DescribeNode")) == "AuthFailure.TokenFailure")
  }

  @Test("what is no request of the cloud's is turned away")
  func protocols() {
    func wire(_ method: String, _ type: String, authorization: String = "") -> WireRequest {
      WireRequest(
        method: method, path: "/",
        headers: ["host": "x", "content-type": type, "authorization": authorization], body: [])
    }
    let form = "application/x-www-form-urlencoded"
    #expect(code(wire("PUT", "application/json")) == "UnsupportedProtocol")
    #expect(code(wire("POST", "multipart/form-data; boundary=58731222010402")) == "UnsupportedProtocol")
    #expect(code(wire("POST", "text/plain")) == "UnsupportedProtocol")
    #expect(code(wire("POST", form, authorization: "TC3-HMAC-SHA256 x")) == "UnsupportedProtocol")
    #expect(code(wire("GET", "application/json")) == "UnsupportedProtocol")
    #expect(code(wire("POST", "application/json")) == "AuthFailure.InvalidAuthorization")
    #expect(code(wire("GET", form)) == "MissingParameter")
  }

  @Test("a request may be as big as the book says, and not a byte bigger")
  func sizes() {
    let requests = SignedRequests()
    func padded(_ size: Int, _ make: ([String: String]) -> WireRequest, _ length: (WireRequest) -> Int) -> String? {
      let bare = length(make(["EcmRegion": ""]))
      // The encoded signature has not always the same length, so that some letter more or less must do.
      for extra in 0..<200 {
        let request = make(["EcmRegion": String(repeating: "x", count: size - bare - 8 + extra)])
        if length(request) == size { return code(request) }
      }
      return "no request of that size"
    }
    let get = { (more: [String: String]) in requests.get("DescribeVpcs", more) }
    let form = { (more: [String: String]) in requests.form("DescribeVpcs", more) }
    #expect(padded(32 * 1024, get) { $0.query.utf8.count } == nil)
    #expect(padded(32 * 1024 + 1, get) { $0.query.utf8.count } == "RequestSizeLimitExceeded")
    #expect(padded(1024 * 1024, form) { $0.body.count } == nil)
    #expect(padded(1024 * 1024 + 1, form) { $0.body.count } == "RequestSizeLimitExceeded")
  }
}

@Suite("Parameters of a form")
struct FormParameterTests {
  private func record(_ text: String, _ action: ActionID) throws -> Record {
    let service = try #require(Catalog.service(action.service))
    return try FormParameters(service: service).record(
      #require(FormFields(text)), of: service.action(action.name))
  }

  @Test("numbers, flags, lists and structures come in the catalog's types, whatever their order")
  func types() throws {
    let text =
      "ZoneInstanceCountISPSet.0.InstanceCount=2&ZoneInstanceCountISPSet.0.Zone=z&ModuleId=7&"
      + "SecurityGroupIds.10=k&SecurityGroupIds.2=c&SecurityGroupIds.0=a&EnhancedService.SecurityService.Enabled=TRUE"
    #expect(
      try record(text, "ecm.RunInstances") == [
        "ZoneInstanceCountISPSet": [["InstanceCount": 2, "Zone": "z"]], "ModuleId": "7",
        "SecurityGroupIds": ["a", "c", "k"], "EnhancedService": ["SecurityService": ["Enabled": true]],
      ])
  }

  @Test("what does not fit goes on as it is, for the cloud to refuse")
  func unfit() throws {
    #expect(
      try record("Limit=many&Nonsense.0=1&EcmRegion=", "ecm.DescribeVpcs") == [
        "Limit": "many", "Nonsense": ["1"], "EcmRegion": "",
      ])
    #expect(try record("VpcIds=vpc-1&Filters.x=1", "ecm.DescribeVpcs") == ["VpcIds": "vpc-1", "Filters": ["x": "1"]])
  }

  @Test(
    "what cannot be read is refused",
    arguments: [
      "VpcIds.0=a&VpcIds.0=b", "VpcIds=a&VpcIds.0=b", "VpcIds.0=b&VpcIds=a", "VpcIds..0=a", ".=1",
      "a" + String(repeating: ".0", count: 16) + "=1",
    ])
  func unreadable(_ text: String) {
    let refusal = #expect(throws: WireRefusal.self) { try record(text, "ecm.DescribeVpcs") }
    #expect(refusal?.code == "InvalidParameter")
  }
}
