using ImageAspire.Core.Pipeline;

namespace ImageAspire.Worker;

/// <summary>Makes the executor of a stage.</summary>
internal sealed class StageExecutorFactory(WorkerOptions options, TimeProvider time, HungStageMonitor hung, ILogger<StageExecutor> logger)
{
    public StageExecutor Create(IStage stage) => new(stage, options, time, logger) { Hung = hung };
}
