import Testing
import Values

@testable import CloudEmulator

@Suite("Images")
struct ImageTests {
  private func status(_ bench: inout Bench, _ task: String) throws -> Value {
    try bench.call("DescribeTaskStatus", ["TaskSet": [["Operation": "CreateImage", "TaskId": .text(task)]]])
      .at("TaskSet[0].Status")
  }

  @Test("an image of a stopped instance appears when its task ends, and cannot go while it is used")
  func create() throws {
    var bench = Bench()
    let module = try bench.makeModule()
    let instance = try bench.run(module)[0]
    var parameters: Record = ["InstanceId": .text(instance), "ImageName": "golden", "ImageDescription": "about"]
    #expect(bench.refusal("CreateImage", parameters) == "UnsupportedOperation.InvalidInstanceState")
    bench.settle()
    #expect(bench.refusal("CreateImage", parameters) == "FailedOperation.InstanceNotAllStopped")
    try bench.call("StopInstances", ["InstanceIdSet": [.text(instance)]])
    bench.settle()
    let before = bench.inventory
    let task = try bench.call("CreateImage", parameters).text("TaskId")
    #expect(try status(&bench, task) == "OPERATING")
    #expect(bench.refusal("CreateImage", parameters) == "InvalidParameterValue.ImageNameDuplicate")
    bench.pass(.milliseconds(29_500))
    #expect(try status(&bench, task) == "OPERATING")
    bench.settle()
    #expect(try status(&bench, task) == "SUCCESS")
    let shown = try bench.call("DescribeImage", ["Filters": [["Name": "image-name", "Values": ["golden"]]]])
    let id = try shown.text("ImageSet[0].ImageId")
    #expect(shown.at("ImageSet[0].ImageState") == "NORMAL")
    #expect(shown.at("ImageSet[0].SrcImage.InstanceId") == .text(instance))
    try bench.call("ModifyModuleImage", ["ModuleId": .text(module), "DefaultImageId": .text(id)])
    #expect(bench.refusal("DeleteImage", ["ImageIDSet": [.text(id)]]) == "FailedOperation.ImageInUse")
    let user = try bench.run(module)[0]
    try bench.call("ModifyModuleImage", ["ModuleId": .text(module), "DefaultImageId": "img-qsdf3ff2"])
    #expect(bench.refusal("DeleteImage", ["ImageIDSet": [.text(id)]]) == "FailedOperation.ImageInUse")
    try bench.call("TerminateInstances", ["InstanceIdSet": [.text(user)]])
    bench.settle()
    try bench.call("DeleteImage", ["ImageIDSet": [.text(id)]])
    #expect(bench.inventory == before)
    #expect(bench.refusal("DeleteImage", ["ImageIDSet": ["img-qsdf3ff2"]]) == "InvalidParameterValue.InvalidImageID")
    parameters["InstanceId"] = "ein-00000000"
    #expect(bench.refusal("CreateImage", parameters) == "UnsupportedOperation.InstanceIdNotFound")
  }

  @Test("a running instance is shut down by force for its image, and runs again afterwards")
  func force() throws {
    var bench = Bench()
    let instance = try bench.run(try bench.makeModule())[0]
    bench.settle()
    try bench.call("CreateImage", ["InstanceId": .text(instance), "ImageName": "golden", "ForcePoweroff": "TRUE"])
    #expect(try bench.state(instance) == "STOPPED")
    bench.settle()
    #expect(try bench.state(instance) == "RUNNING")
  }

  @Test("public images are listed by type and system, and a task that is not one is refused")
  func list() throws {
    var bench = Bench()
    let all = try bench.call("DescribeImage", ["Filters": [["Name": "image-type", "Values": ["PUBLIC_IMAGE"]]]])
    #expect(all["TotalCount"] == .int(PublicImages.standard.all.count))
    let ubuntu = try bench.call("DescribeImage", ["Filters": [["Name": "image-os", "Values": ["ubuntu server 18"]]]])
    #expect(ubuntu.at("ImageSet[].ImageId") == ["img-qsdf3ff2"])
    let task: Record = ["TaskSet": [["Operation": "CreateImage", "TaskId": "17"]]]
    #expect(bench.refusal("DescribeTaskStatus", task) == "InvalidParameterValue.TaskNotFound")
  }
}
