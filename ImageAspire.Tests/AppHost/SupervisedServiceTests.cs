using ImageAspire.Dashboard.Resources;

namespace ImageAspire.Tests.AppHost;

/// <summary>What happens to a service that dies, and to one of which several people want something.</summary>
public sealed class SupervisedServiceTests
{
    private static readonly CancellationToken None = CancellationToken.None;

    [Fact]
    public async Task Run_ProcessDies_IsStartedAgainWithItsLastLinesKept()
    {
        await using var app = new FakeProcesses();
        await app.RunsAsync(1);
        app.Last.Say("the last words", isError: true);

        app.Last.Exit(137);

        await Eventually.TrueAsync(() => app.Resource.State == ResourceState.Restarting);
        app.Resource.ExitCode.ShouldBe(137);
        app.Resource.ProcessId.ShouldBeNull();
        app.Resource.StateReason.ShouldMatch(@"^exit code 137 \(killed\); starts again at \d\d:\d\d:\d\d UTC$");
        await app.RunsAsync(2);
        app.Resource.Restarts.ShouldBe(1);
        app.Resource.ProcessId.ShouldBe(1001);
        app.Resource.StateReason.ShouldBe("");
        var lines = app.Console.Read("worker-1", 0, 100);
        lines.ShouldContain(line => line.Text == "the last words" && line.IsError);
        lines.ShouldContain(line => line.Text.StartsWith("[apphost] worker-1 ended with exit code 137", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Stop_Running_EndsItAndItStaysSo()
    {
        await using var app = new FakeProcesses();
        await app.RunsAsync(1);

        await app.Service.StopAsync(None);

        app.Last.WasAskedToStop.ShouldBeTrue();
        (app.Resource.State, app.Resource.StateReason).ShouldBe((ResourceState.Exited, "stopped, exit code 0"));
        await app.Service.StopAsync(None); // once more: nothing

        await app.Service.StartAsync(None);
        app.Started.Count.ShouldBe(2);
        await app.Service.StartAsync(None); // once more: nothing
        app.Started.Count.ShouldBe(2);
        app.Resource.Restarts.ShouldBe(1);
    }

    [Fact]
    public async Task Stop_WhileItWaitsToBeStartedAgain_StaysStopped()
    {
        await using var app = new FakeProcesses();
        await app.RunsAsync(1);
        app.Last.Exit(1 + 128);
        await Eventually.TrueAsync(() => app.Resource.State == ResourceState.Restarting);

        await app.Service.StopAsync(None);

        await Eventually.TrueAsync(() => app.Resource.State == ResourceState.Exited);
        app.Started.Count.ShouldBe(1);
        app.Resource.ExitCode.ShouldBe(129);
    }

    [Fact]
    public async Task Start_WhileItWaitsToBeStartedAgain_DoesNotWait()
    {
        await using var app = new FakeProcesses();
        for (var deaths = 1; deaths <= 4; deaths++) // the next wait is four seconds
        {
            await app.RunsAsync(deaths);
            app.Last.Exit(2);
            await Eventually.TrueAsync(() => app.Resource.State == ResourceState.Restarting && app.Resource.Restarts == deaths - 1);
            if (deaths < 4)
                await app.Service.StartAsync(None);
        }

        await app.Service.RestartAsync(None);

        await app.RunsAsync(5);
    }

    [Fact]
    public async Task Restart_ByManyAtOnce_IsOneRestart()
    {
        await using var app = new FakeProcesses(obeying: false);
        await app.RunsAsync(1);

        var asked = Enumerable.Range(0, 20).Select(_ => app.Service.RestartAsync(None)).ToList();
        await Eventually.TrueAsync(() => app.Last.WasAskedToStop);
        asked.AddRange(Enumerable.Range(0, 20).Select(_ => app.Service.RestartAsync(None)));
        asked.ShouldAllBe(task => !task.IsCompleted);
        app.Last.Exit(0);

        await Task.WhenAll(asked);
        app.Started.Count.ShouldBe(2);
        app.Resource.Restarts.ShouldBe(1);
    }

    [Fact]
    public async Task StopAndRestart_AtOnce_TheLastOneHoldsAndNobodyWaitsForEver()
    {
        await using var app = new FakeProcesses(obeying: false);
        await app.RunsAsync(1);

        var stop = app.Service.StopAsync(None);
        await Eventually.TrueAsync(() => app.Last.WasAskedToStop);
        var restart = app.Service.RestartAsync(None);
        await stop; // somebody else wants it to run
        app.Last.Exit(0);
        await restart;
        await app.RunsAsync(2);

        restart = app.Service.RestartAsync(None);
        await Eventually.TrueAsync(() => app.Last.WasAskedToStop);
        stop = app.Service.StopAsync(None);
        await restart; // somebody else wants it stopped
        app.Last.Exit(0);
        await stop;
        app.Resource.State.ShouldBe(ResourceState.Exited);
        app.Started.Count.ShouldBe(2);
    }

    [Fact]
    public async Task Commands_FromManySidesAtRandom_NeverTwoProcessesAndNoOneIsForgotten()
    {
        await using var app = new FakeProcesses();
        await app.RunsAsync(1);
        var random = new Random(7);
        var commands = Enumerable.Range(0, 300).Select(_ => random.Next(4)).ToList();
        await Parallel.ForEachAsync(commands, new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (command, _) =>
        {
            switch (command)
            {
                case 0: await app.Service.StartAsync(None); break;
                case 1: await app.Service.StopAsync(None); break;
                case 2: await app.Service.RestartAsync(None); break;
                default: app.Last.Exit(3); break;
            }
        }).WaitAsync(TimeSpan.FromSeconds(60));

        await app.Service.StopAsync(None);
        app.Started.ShouldAllBe(process => process.HasExited);
        await app.Service.StartAsync(None);
        app.Started.Count(process => !process.HasExited).ShouldBe(1);
    }

    [Fact]
    public async Task StopAll_WhileItRestarts_EndsAndTellsWhoWaits()
    {
        await using var app = new FakeProcesses(obeying: false);
        await app.RunsAsync(1);
        var restart = app.Service.RestartAsync(None);
        await Eventually.TrueAsync(() => app.Last.WasAskedToStop);

        app.StopAll();
        app.Running.IsCompleted.ShouldBeFalse(); // what it has in hand is finished first
        app.Last.Exit(0);

        (await app.Running).ShouldBeTrue();
        await restart;
        app.Started.Count.ShouldBe(1);
    }

    [Fact]
    public async Task StopAll_AskedTwice_EndsWhatDoesNotObey()
    {
        await using var app = new FakeProcesses(obeying: false);
        await app.RunsAsync(1);

        app.StopAll();
        await Eventually.TrueAsync(() => app.Last.WasAskedToStop);
        app.Resource.State.ShouldBe(ResourceState.Stopping);
        app.StopNow();

        (await app.Running).ShouldBeTrue();
        app.Last.ExitCode.ShouldBe(137);
    }

    [Fact]
    public async Task StopAll_WhileItIsStoppedOrWaits_EndsAtOnce()
    {
        await using var stopped = new FakeProcesses();
        await stopped.RunsAsync(1);
        await stopped.Service.StopAsync(None);
        stopped.StopAll();
        (await stopped.Running).ShouldBeTrue();

        await using var waiting = new FakeProcesses();
        await waiting.RunsAsync(1);
        waiting.Last.Exit(2);
        await Eventually.TrueAsync(() => waiting.Resource.State == ResourceState.Restarting);
        waiting.StopAll();
        (await waiting.Running).ShouldBeTrue();
        await waiting.Service.StartAsync(None); // too late, and no one waits for ever
        waiting.Started.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Run_SettingsAreWrong_EndsAllOnlyAtTheStart()
    {
        await using var atTheStart = new FakeProcesses();
        await atTheStart.RunsAsync(1);
        atTheStart.Last.Exit(1);
        (await atTheStart.Running).ShouldBeFalse();

        await using var later = new FakeProcesses();
        await later.RunsAsync(1);
        await later.Service.RestartAsync(None);
        await later.RunsAsync(2);
        later.Last.Exit(1);
        await Eventually.TrueAsync(() => later.Resource.State == ResourceState.FailedToStart);
        later.Resource.StateReason.ShouldContain("settings are wrong");
        await later.Service.StartAsync(None);
        await later.RunsAsync(3);
    }

    [Fact]
    public async Task Run_CannotBeStarted_SaysWhyAndTriesAgain()
    {
        await using var app = new FakeProcesses(refusedStarts: 1);
        await Eventually.TrueAsync(() => app.Board.Find("worker-1")?.State == ResourceState.FailedToStart);
        app.Resource.StateReason.ShouldStartWith("No such file; tried again at ");

        await app.RunsAsync(1);
    }

    [Fact]
    public async Task Start_CannotBeStarted_SaysSoToWhoeverAsked()
    {
        await using var app = new FakeProcesses(refusedStarts: 6);
        await Eventually.TrueAsync(() => app.Board.Find("worker-1")?.State == ResourceState.FailedToStart);

        var error = await Should.ThrowAsync<InvalidOperationException>(() => app.Service.StartAsync(None));

        error.Message.ShouldBe("it cannot be started: No such file.");
    }

    [Fact]
    public async Task Board_OfAService_HasItsSecretsMarked()
    {
        await using var app = new FakeProcesses();
        await app.RunsAsync(1);

        app.Resource.Kind.ShouldBe("Project");
        app.Resource.Source.ShouldEndWith("worker.dll");
        app.Resource.Environment.ShouldContain(one => one.Name == "VISION_KEY" && one.IsSecret);
    }
}
