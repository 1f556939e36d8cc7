import Values

/// What the actions of CVM mean, by name. Entries stand in `Cvm/`, one file a topic. Reads change nothing and differ
/// only in the secrets that they show.
func cvmMeaning(of name: String) -> ActionMeaning? {
  if let secrets = cvmSecretsRead(by: name) {
    return ActionMeaning(
      effect: .read, undo: ActionMeaning.read.undo, completion: .immediate, lost: .resend, secretResults: secrets)
  }
  if cvmReadMeaning(of: name) != nil { return .read }
  return cvmInstanceMeaning(of: name) ?? cvmOtherMeaning(of: name)
}

private func cvmInstanceMeaning(of name: String) -> ActionMeaning? {
  switch name {
  case "RunInstances": CvmInstance.runInstances
  case "TerminateInstances": CvmInstance.terminateInstances
  case "StartInstances": CvmInstance.startInstances
  case "StopInstances": CvmInstance.stopInstances
  case "RebootInstances": CvmInstance.rebootInstances
  case "ResetInstance": CvmRebuild.resetInstance
  case "ResetInstancesPassword": CvmRebuild.resetInstancesPassword
  case "ResizeInstanceDisks": CvmRebuild.resizeInstanceDisks
  case "ConvertOperatingSystems": CvmRebuild.convertOperatingSystems
  case "EnterRescueMode": CvmRebuild.enterRescueMode
  case "ExitRescueMode": CvmRebuild.exitRescueMode
  case "ModifyInstancesAttribute": CvmAttribute.modifyInstancesAttribute
  case "ModifyInstancesRenewFlag": CvmAttribute.modifyInstancesRenewFlag
  case "ModifyInstancesProject": CvmAttribute.modifyInstancesProject
  case "ResetInstancesType": CvmAttribute.resetInstancesType
  case "AssociateSecurityGroups": CvmAttribute.associateSecurityGroups
  case "DisassociateSecurityGroups": CvmAttribute.disassociateSecurityGroups
  case "ResetInstancesInternetMaxBandwidth": CvmNetwork.resetInstancesInternetMaxBandwidth
  case "ModifyInstancesVpcAttribute": CvmNetwork.modifyInstancesVpcAttribute
  case "PurchaseReservedInstancesOffering": CvmReserved.purchaseReservedInstancesOffering
  default: nil
  }
}

private func cvmOtherMeaning(of name: String) -> ActionMeaning? {
  switch name {
  case "CreateImage": CvmImage.createImage
  case "ImportImage": CvmImage.importImage
  case "SyncImages": CvmImage.syncImages
  case "ExportImages": CvmImage.exportImages
  case "DeleteImages": CvmImage.deleteImages
  case "ModifyImageAttribute": CvmImage.modifyImageAttribute
  case "ModifyImageSharePermission": CvmImage.modifyImageSharePermission
  case "CreateKeyPair": CvmKeyPair.createKeyPair
  case "ImportKeyPair": CvmKeyPair.importKeyPair
  case "DeleteKeyPairs": CvmKeyPair.deleteKeyPairs
  case "ModifyKeyPairAttribute": CvmKeyPair.modifyKeyPairAttribute
  case "AssociateInstancesKeyPairs": CvmKeyPair.associateInstancesKeyPairs
  case "DisassociateInstancesKeyPairs": CvmKeyPair.disassociateInstancesKeyPairs
  case "CreateLaunchTemplate": CvmTemplate.createLaunchTemplate
  case "DeleteLaunchTemplate": CvmTemplate.deleteLaunchTemplate
  case "CreateLaunchTemplateVersion": CvmTemplate.createLaunchTemplateVersion
  case "DeleteLaunchTemplateVersions": CvmTemplate.deleteLaunchTemplateVersions
  case "ModifyLaunchTemplateDefaultVersion": CvmTemplate.modifyLaunchTemplateDefaultVersion
  case "CreateDisasterRecoverGroup": CvmPlacement.createDisasterRecoverGroup
  case "DeleteDisasterRecoverGroups": CvmPlacement.deleteDisasterRecoverGroups
  case "ModifyDisasterRecoverGroupAttribute": CvmPlacement.modifyDisasterRecoverGroupAttribute
  case "ConfigureChcAssistVpc": CvmHosting.configureChcAssistVpc
  case "ConfigureChcDeployVpc": CvmHosting.configureChcDeployVpc
  case "RemoveChcAssistVpc": CvmHosting.removeChcAssistVpc
  case "RemoveChcDeployVpc": CvmHosting.removeChcDeployVpc
  case "ModifyChcAttribute": CvmHosting.modifyChcAttribute
  case "AllocateHosts": CvmDedicated.allocateHosts
  case "ModifyHostsAttribute": CvmDedicated.modifyHostsAttribute
  default: nil
  }
}

/// Where secrets stand in what a read answers.
private func cvmSecretsRead(by name: String) -> [ValuePath]? {
  switch name {
  case "DescribeInstances": ["InstanceSet[].LoginSettings.Password"]
  case "DescribeKeyPairs": ["KeyPairSet[].PrivateKey"]
  case "DescribeLaunchTemplateVersions":
    ["LaunchTemplateVersionSet[].LaunchTemplateVersionData.LoginSettings.Password"]
  case "DescribeInstanceVncUrl": ["InstanceVncUrl"]
  default: nil
  }
}

/// The actions that can be asked whether they would do: with `DryRun` true they change nothing. Page RunInstances says
/// that a success answers nothing but a RequestId, the common errors know DryRunOperation: both mean that it passed.
package enum CvmDryRun {
  package static let parameter = "DryRun"
  package static let passed = "DryRunOperation"
  package static let actions = [
    "RunInstances", "CreateImage", "DeleteImages", "ImportImage", "ExportImages", "SyncImages",
    "ConvertOperatingSystems", "CreateLaunchTemplate", "CreateLaunchTemplateVersion",
    "PurchaseReservedInstancesOffering", "InquirePricePurchaseReservedInstancesOffering", "DescribeReservedInstances",
    "DescribeReservedInstancesOfferings",
  ]
}
