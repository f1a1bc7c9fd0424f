using ImageAspire.Core.Pipeline;

namespace ImageAspire.Worker;

/// <summary>Makes the runner of a stage.</summary>
internal sealed class StageRunners(WorkerOptions options, TimeProvider time, HungStages hung, ILogger<PipelineHost> logger)
{
    public StageRunner For(StageDefinition definition, IStage stage) => new(definition, stage, options, time, logger) { Hung = hung };
}
