/// The actions that the CVM book's API Category lists without a page, in the line format that `FactsReader` reads.
/// Names, categories and rates are those of the table; that a structure is used by an action tells of a parameter or a
/// result; the rest is inferred from the actions that are like them.
package let cvmInferredFacts: StaticString = #"""
  action AllocateHosts
  summary Allocates dedicated hosts.
  category CDH
  rate 10
  region required
  param Placement required Placement
  param ClientToken optional String maxlength=64
  param HostChargePrepaid optional ChargePrepaid
  param HostChargeType optional String default=PREPAID enum=PREPAID
  param HostType optional String
  param HostCount optional Integer default=1 min=1 max=100
  param TagSpecification optional Array of TagSpecification
  output HostIdSet plain Array of String
  error InternalServerError
  error InvalidClientToken.TooLong
  error InvalidParameterCombination
  error InvalidParameterValue
  error InvalidZone.MismatchRegion
  error MissingParameter

  action DescribeHosts
  summary Lists dedicated hosts.
  category CDH
  rate 10
  region required
  param Filters optional Array of Filter maxitems=10
  param Offset optional Integer default=0
  param Limit optional Integer default=20 max=100
  output TotalCount plain Integer
  output HostSet plain Array of HostItem
  error InternalServerError
  error InvalidFilter
  error InvalidParameterValueLimit
  error InvalidParameterValueOffset

  action DescribeRegions
  summary Lists regions.
  category Region
  rate 20
  region optional
  output TotalCount plain Integer
  output RegionSet plain Array of RegionInfo
  error InternalServerError

  action ModifyHostsAttribute
  summary Changes the name, renewal or project of dedicated hosts.
  category CDH
  rate 10
  region required
  param HostIds required Array of String maxitems=100
  param HostName optional String
  param RenewFlag optional String enum=NOTIFY_AND_AUTO_RENEW,NOTIFY_AND_MANUAL_RENEW,DISABLE_NOTIFY_AND_MANUAL_RENEW
  param ProjectId optional Integer
  error InternalServerError
  error InvalidHost.NotSupported
  error InvalidHostId.Malformed
  error InvalidHostId.NotFound
  error InvalidParameterValue
  """#
