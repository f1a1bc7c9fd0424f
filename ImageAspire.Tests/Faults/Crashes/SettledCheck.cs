namespace ImageAspire.Tests.Faults.Crashes;

/// <summary>Everything that is checked when no process dies any more: clients finish, what a stage gave up is retried, all expires, and the invariants hold.</summary>
/// <param name="options">The run.</param>
/// <param name="system">Its processes; they work.</param>
/// <param name="oracle">What the clients expect.</param>
/// <param name="shared">Images that several clients used.</param>
internal sealed class SettledCheck(CrashOptions options, CrashSystem system, TestOracle oracle, SharedImages shared)
{
    /// <summary>The broken promises.</summary>
    /// <param name="vision">The vision service; it is repaired here.</param>
    /// <param name="webhook">The webhook that all events were for.</param>
    /// <param name="sink">Where it was delivered.</param>
    /// <param name="announced">How many images a sweeper had to announce again.</param>
    public async Task<IReadOnlyList<string>> RunAsync(CrashVision vision, Guid webhook, WebhookSink sink, int announced)
    {
        var (calls, random, reader) = (new CrashCalls(system.Http, oracle), new Random(options.Seed), new ApiReader(system.Http));
        var checker = new InvariantChecker(reader, oracle, options);
        var uploads = new UploadCheck(new ResumableClient(calls, oracle, shared, random), oracle, options);
        List<string> violations = await uploads.FinishAsync();
        violations.AddRange(await new GivenUpCheck(reader, oracle, vision, new CrashOperators(calls, oracle, random)).CheckAsync(checker.IsIdleAsync));
        violations.AddRange(await checker.CheckAsync(webhook, sink, announced));
        violations.AddRange(await uploads.ExpireAsync(InvariantChecker.UntilAsync));
        return violations;
    }
}
