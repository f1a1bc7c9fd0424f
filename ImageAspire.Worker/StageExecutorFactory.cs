using ImageAspire.Core.Pipeline;

namespace ImageAspire.Worker;

/// <summary>Makes the executor of a stage of the catalog.</summary>
internal sealed class StageExecutorFactory(IServiceProvider services, WorkerOptions options, TimeProvider time, HungStageMonitor hung, StageRetryLog retries, ILoggerFactory loggers)
{
    public StageExecutor Create(StageDefinition definition) =>
        new(definition, (IStage)services.GetRequiredService(definition.Type), options, time, loggers.CreateLogger($"ImageAspire.Stages.{definition.Name}")) { Hung = hung, Retries = retries };
}
