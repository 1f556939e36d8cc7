import NIOCore

/// Runs tasks on the event loops that read the connections: what a loop has woken goes on on that loop. With a pool of
/// threads of its own for the tasks, every request is handed from the loop to that pool and back, which costs more than
/// to answer it.
///
/// Whoever runs on it must not block: an answer takes microseconds, and what takes longer (writing the state, waiting)
/// is done by tasks of their own.
final class LoopExecutor: TaskExecutor {
  private let loops: any EventLoopGroup

  init(_ loops: any EventLoopGroup) { self.loops = loops }

  func enqueue(_ job: consuming ExecutorJob) {
    let job = UnownedJob(job)
    // Any of them; of those, NIO takes the one that is asking.
    loops.any().execute { job.runSynchronously(on: self.asUnownedTaskExecutor()) }
  }
}
