using System.Diagnostics;
using ImageAspire.ServiceBusEmulator;
using ImageAspire.Tests.Requirements;

namespace ImageAspire.Tests.ServiceBus;

/// <summary>Runs the official client for Node once, for all its cases.</summary>
public sealed class NodeClientRun : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    internal IReadOnlyList<string> Lines { get; private set; } = [];

    public async ValueTask InitializeAsync()
    {
        if (NodePackages.ServiceBusClient.Missing is not null)
            return;
        var folder = NodePackages.ServiceBusClient.Folder;
        await using var server = await ServiceBusEmulatorServer.StartAsync(new() { AmqpPort = 0, AdministrationPort = 0, ConfigFile = Path.Combine(folder, "Config.json") });
        using var node = Process.Start(new ProcessStartInfo("node", [Path.Combine(folder, "cases.js"), server.ConnectionString, server.AdministrationConnectionString])
        {
            RedirectStandardOutput = true,
        })!;
        using var limit = new CancellationTokenSource(Patience);
        try
        {
            Lines = (await node.StandardOutput.ReadToEndAsync(limit.Token)).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        }
        finally
        {
            node.Kill();
        }
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}

/// <summary>The official client for Node on the emulator.</summary>
[Trait("Category", "Slow")]
public sealed class NodeClientTests(NodeClientRun run) : IClassFixture<NodeClientRun>
{
    private static readonly string[] Names =
        ["content", "batches", "settlement", "peek and renew", "schedule", "topic and filters", "rules", "subscribe", "sessions", "an entity that is not there", "administration"];

    public static TheoryData<string> Cases() => [.. Names];

    [Theory]
    [MemberData(nameof(Cases))]
    public void Case(string name)
    {
        NodePackages.ServiceBusClient.Require();

        run.Lines.ShouldContain($"ok {name}", string.Join('\n', run.Lines));
    }

    [Fact]
    public void EveryCase_IsListedHere()
    {
        NodePackages.ServiceBusClient.Require();

        run.Lines.Count.ShouldBe(Names.Length, string.Join('\n', run.Lines));
    }
}
