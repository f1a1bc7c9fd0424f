using System.Collections.Concurrent;
using ImageAspire.Dashboard.Access;
using ImageAspire.Dashboard.Resources;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace ImageAspire.Dashboard.Components;

/// <summary>A command that somebody gave.</summary>
/// <param name="Resource">To which resource.</param>
/// <param name="Message">How it stands, as a sentence.</param>
/// <param name="IsRunning">Whether it is still being done.</param>
/// <param name="IsError">Whether it failed.</param>
/// <param name="Time">When this was so.</param>
internal sealed record CommandOutcome(string Resource, string Message, bool IsRunning, bool IsError, DateTimeOffset Time);

/// <summary>
/// Gives commands to resources: one at a time each. Stopping may take half a minute, so nobody's request waits for the end; the page
/// shows how it stands.
/// </summary>
internal sealed partial class Commands(IResourceCommands port, ResourceBoard board, IHostApplicationLifetime lifetime, TimeProvider time, ILogger<Commands> log)
{
    private static readonly TimeSpan ToldFor = TimeSpan.FromMinutes(1);

    // At most one for each resource on the board.
    private readonly ConcurrentDictionary<string, CommandOutcome> _last = new(StringComparer.Ordinal);
    private long _version;

    /// <summary>Grows with every change.</summary>
    public long Version => Interlocked.Read(ref _version);

    /// <summary>What is being done, and what was done in the last minute; in order of resource.</summary>
    public IReadOnlyList<CommandOutcome> Recent() =>
        [.. _last.Values.Where(one => one.IsRunning || time.GetUtcNow() - one.Time < ToldFor).OrderBy(one => one.Resource, StringComparer.Ordinal)];

    /// <summary>Begins a command. When the resource has one that is not done yet, nothing happens.</summary>
    /// <returns>False when there is no such resource or command.</returns>
    public bool Begin(string resource, string command)
    {
        Func<string, CancellationToken, Task>? run = command switch
        {
            "start" => port.StartAsync,
            "stop" => port.StopAsync,
            "restart" => port.RestartAsync,
            _ => null,
        };
        if (run is null || board.Find(resource) is null)
            return false;
        var (doing, done) = command switch { "start" => ("Starting", "started"), "stop" => ("Stopping", "stopped"), _ => ("Restarting", "restarted") };
        var running = new CommandOutcome(resource, $"{doing} {resource} …", true, false, time.GetUtcNow());
        var now = _last.AddOrUpdate(resource, running, (_, last) => last.IsRunning ? last : running);
        if (ReferenceEquals(now, running))
        {
            Interlocked.Increment(ref _version);
            _ = RunAsync(run, resource, command, $"{resource} was {done}.");
        }

        return true;
    }

    private async Task RunAsync(Func<string, CancellationToken, Task> run, string resource, string command, string done)
    {
        await Task.Yield(); // whatever it does before its first wait is not the request's
        var outcome = new CommandOutcome(resource, done, false, false, default);
        try
        {
            await run(resource, lifetime.ApplicationStopping);
        }
        catch (OperationCanceledException) when (lifetime.ApplicationStopping.IsCancellationRequested)
        {
            outcome = outcome with { Message = $"The dashboard stopped before {resource} did what it was told.", IsError = true };
        }
        catch (Exception error) // nobody else waits for it: it is told on the page and in the log
        {
            LogFailed(resource, command, error);
            outcome = outcome with { Message = $"The command {command} failed for {resource}: {error.Message}", IsError = true };
        }

        _last[resource] = outcome with { Time = time.GetUtcNow() };
        Interlocked.Increment(ref _version);
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Resource {resource}: command {command} failed")]
    private partial void LogFailed(string resource, string command, Exception error);
}

/// <summary>Where the forms of the resources page are sent.</summary>
internal static class CommandsApi
{
    public static void MapCommands(this IEndpointRouteBuilder app) => app.MapPost("/resources/{name}/{command}",
        IResult (string name, string command, [FromForm] string? returnUrl, Commands commands) =>
            commands.Begin(name, command) ? SignIn.SeeOther(LocalAddress.OrHome(returnUrl)) : TypedResults.NotFound()).DisableAntiforgery(); // AccessMiddleware checks
}
