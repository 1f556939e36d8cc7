import RunEngine
import Values

/// What an instruction does with the registers, and where it may go on.
extension Instruction {
  var reads: [Register] {
    switch self {
    case .constant, .input, .jump, .beginIteration, .beginMap, .leaveRound, .enterBlock, .close, .endAlways, .settled,
      .endUndo, .end:
      []
    case .move(_, let from): [from]
    case .member(_, let base, _, _), .each(_, let base, _, _): [base]
    case .element(_, let base, let index, _): [base, index]
    case .list(_, let elements): elements
    case .record(_, _, let values): values
    case .map(_, let pairs, _): [pairs]
    case .text(_, let parts): parts.compactMap { if case .hole(let register) = $0 { register } else { nil } }
    case .not(_, let operand, _), .negate(_, let operand, _): [operand]
    case .binary(_, _, let left, let right, _): [left, right]
    case .range(_, let low, let high, _): [low, high]
    case .within(_, let value, let low, let high, _): [value, low, high]
    case .function(_, _, let arguments, _): arguments
    case .invoke(_, let site): site.arguments.compactMap { $0 }
    case .leave(let value), .endRound(let value), .output(_, let value), .bound(_, let value, _): [value]
    case .jumpUnless(let condition, _, _): [condition]
    case .takeApart(let value, _, _): [value]
    case .next(_, let list, let counter, _, _): [list, counter]
    case .append(let value, let list): [value, list]
    case .put(let key, let value, let map, _): [key, value, map]
    case .enterRound(_, let keys): keys
    case .call(_, let site): site.reads
    case .wait(let site): [site.step] + [site.within].compactMap { $0 }
    case .pause(let site): [site.look] + [site.every, site.within].compactMap { $0 }
    case .parallel(let site): [site.sequence] + [site.width].compactMap { $0 }
    case .open(let site): if case .timeout(let limit) = site.kind { [limit] } else { [] }
    case .approve(let site): [site.text] + [site.within].compactMap { $0 }
    case .notify(let site): [site.text] + [site.channel].compactMap { $0 }
    case .commit(let reason, _), .fail(let reason, _): [reason]
    }
  }

  var writes: [Register] {
    switch self {
    case .constant(let target, _), .move(let target, _), .member(let target, _, _, _), .element(let target, _, _, _),
      .each(let target, _, _, _), .list(let target, _), .record(let target, _, _), .map(let target, _, _),
      .text(let target, _), .not(let target, _, _), .negate(let target, _, _), .binary(let target, _, _, _, _),
      .range(let target, _, _, _), .within(let target, _, _, _, _), .function(let target, _, _, _),
      .input(let target, _), .invoke(let target, _):
      [target]
    case .takeApart(_, let targets, _): targets
    case .beginIteration(let results, let counter), .beginMap(let results, let counter): [results, counter]
    case .next(let element, _, let counter, _, _): [element, counter]
    case .append(_, let list): [list]
    case .put(_, _, let map, _): [map]
    case .call(let target, let site): [target, site.address]
    case .parallel(let site): [site.results, site.element]
    case .open(let site): if case .attempt(_, _, let error?) = site.kind { [error] } else { [] }
    case .leave, .bound, .jump, .jumpUnless, .enterRound, .leaveRound, .enterBlock, .close, .endAlways, .approve,
      .notify, .wait, .pause, .settled, .endRound, .endUndo, .commit, .fail, .output, .end:
      []
    }
  }

  /// Where else than behind it the run may go on because of it.
  var targets: [Target] {
    switch self {
    case .jump(let target), .jumpUnless(_, let target, _), .next(_, _, _, let target, _): [target]
    case .call(_, let site): if case .block(let entry, _) = site.undo { [entry] } else { [] }
    case .wait(let site): [site.otherwise].compactMap { $0 }
    case .pause(let site): [site.again] + [site.otherwise].compactMap { $0 }
    case .parallel(let site): [site.body]
    case .open(let site): site.targets
    case .constant, .move, .member, .element, .each, .list, .record, .map, .text, .not, .negate, .binary, .range,
      .within, .function, .input, .invoke, .leave, .bound, .takeApart, .beginIteration, .beginMap, .append, .put,
      .enterRound, .leaveRound, .enterBlock, .close, .endAlways, .approve, .notify, .settled, .endRound, .endUndo,
      .commit, .fail, .output, .end:
      []
    }
  }
}

extension BlockSite {
  fileprivate var targets: [Target] {
    switch kind {
    case .attempt(_, let rescue, _): [rescue]
    case .guarded(let always): [always]
    case .always, .timeout: []
    }
  }
}

extension CallSite {
  fileprivate var reads: [Register] {
    var result = arguments.map(\.value) + [region, retry?.every, retry?.upTo].compactMap { $0 }
    switch undo {
    case .catalog, .nothing: break
    case .none(let reason): result.append(reason)
    // Takes the result of the call when the block begins: as good as read.
    case .block(_, let it): result.append(it)
    }
    return result
  }
}
