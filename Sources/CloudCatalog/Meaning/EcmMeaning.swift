/// What the actions of ECM mean, by name. Entries stand in `Ecm/`, one file a topic. Reads all mean the same.
func ecmMeaning(of name: String) -> ActionMeaning? {
  if name.hasPrefix("Describe") { return .read }
  switch name {
  case "CreateVpc": return EcmNetwork.createVpc
  case "DeleteVpc": return EcmNetwork.deleteVpc
  case "CreateSubnet": return EcmNetwork.createSubnet
  case "DeleteSubnet": return EcmNetwork.deleteSubnet
  case "ModifyDefaultSubnet": return EcmNetwork.modifyDefaultSubnet
  case "CreateModule": return EcmModule.createModule
  case "DeleteModule": return EcmModule.deleteModule
  case "ModifyModuleImage": return EcmModule.modifyModuleImage
  case "RunInstances": return EcmInstance.runInstances
  case "TerminateInstances": return EcmInstance.terminateInstances
  case "StartInstances": return EcmInstance.startInstances
  case "StopInstances": return EcmInstance.stopInstances
  case "RebootInstances": return EcmInstance.rebootInstances
  case "AllocateAddresses": return EcmAddress.allocateAddresses
  case "AssociateAddress": return EcmAddress.associateAddress
  case "DisassociateAddress": return EcmAddress.disassociateAddress
  case "ReleaseAddresses": return EcmAddress.releaseAddresses
  case "CreateLoadBalancer": return EcmLoadBalancer.createLoadBalancer
  case "DeleteLoadBalancer": return EcmLoadBalancer.deleteLoadBalancer
  case "CreateListener": return EcmLoadBalancer.createListener
  case "DeleteLoadBalancerListeners": return EcmLoadBalancer.deleteLoadBalancerListeners
  case "BatchRegisterTargets": return EcmLoadBalancer.batchRegisterTargets
  case "BatchDeregisterTargets": return EcmLoadBalancer.batchDeregisterTargets
  case "CreateImage": return EcmImage.createImage
  case "DeleteImage": return EcmImage.deleteImage
  default: return nil
  }
}
