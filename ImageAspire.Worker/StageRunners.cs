using ImageAspire.Core.Pipeline;

namespace ImageAspire.Worker;

/// <summary>Makes the runner of a stage.</summary>
internal sealed class StageRunners(WorkerOptions options, TimeProvider time, HungStageMonitor hung, ILogger<PipelineService> logger)
{
    public StageExecutor For(IStage stage) => new(stage, options, time, logger) { Hung = hung };
}
