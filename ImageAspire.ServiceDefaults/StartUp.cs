using System.Runtime.InteropServices;
using ImageAspire.Core.Errors;
using ImageAspire.Core.Ports;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace ImageAspire.ServiceDefaults;

/// <summary>Runs a service. When its settings are invalid, it writes one line for each to standard error and exits.</summary>
public static class StartUp
{
    /// <summary>The exit code of a service whose settings are invalid; a restart will not help.</summary>
    public const int SettingsAreWrong = 1;

    /// <summary>The exit code of a service whose stores are unavailable; <c>EX_TEMPFAIL</c> of sysexits.h. A later start may succeed.</summary>
    public const int StoresAreAway = 75;

    private const int FileSizeExceeded = 25; // SIGXFSZ, on Linux and macOS

    /// <summary>Builds a host and runs it until it stops.</summary>
    /// <param name="build">Builds it; calls <see cref="CheckSettings{THost}"/> before anything reads the settings.</param>
    /// <returns>0, <see cref="SettingsAreWrong"/>, <see cref="StoresAreAway"/>, or what was set in <see cref="HostExit"/>.</returns>
    public static async Task<int> RunAsync(Func<IHost> build)
    {
        ArgumentNullException.ThrowIfNull(build);
        // A limit of the size of files (ulimit -f) is an error of the write, like a full disk, and not the end of the process.
        using var fileSize = OperatingSystem.IsWindows() ? null : PosixSignalRegistration.Create((PosixSignal)FileSizeExceeded, context => context.Cancel = true);
        IHost host;
        try
        {
            host = build();
        }
        catch (Exception error) when (Problems(error).ToList() is { Count: > 0 } problems)
        {
            await Console.Error.WriteLineAsync($"Settings are wrong; this service does not start. {problems.Count} {(problems.Count == 1 ? "problem" : "problems")}:");
            foreach (var problem in problems)
                await Console.Error.WriteLineAsync("  " + problem);
            return SettingsAreWrong;
        }
        catch (Exception error) when (StoreProblemOf(error) is { } away)
        {
            return await ReportAsync(away);
        }

        var exit = host.Services.GetService<HostExit>();
        var stopping = host.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping;
        try
        {
            foreach (var stores in host.Services.GetServices<IStorePreparation>())
                await stores.PrepareAsync(stopping);
            // Hosted services and their dependencies are created here, so that a store's error is reported once, and not by the host with a stack trace as well.
            _ = host.Services.GetServices<IHostedService>().Count();
            await host.RunAsync();
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // Stopped before it had started.
        }
        catch (Exception error) when (StoreProblemOf(error) is { } away)
        {
            return await ReportAsync(away);
        }

        return exit?.Code ?? 0;
    }

    // A restart does not repair a damaged store, nor one of another version; other causes may be gone by then.
    private static async Task<int> ReportAsync(StoreUnavailableException away)
    {
        await Console.Error.WriteLineAsync("This service does not start. " + away.Message);
        return away.Problem is StoreProblem.Damaged or StoreProblem.Incompatible ? SettingsAreWrong : StoresAreAway;
    }

    private static StoreUnavailableException? StoreProblemOf(Exception? error) => error switch
    {
        StoreUnavailableException away => away,
        AggregateException several => several.InnerExceptions.Select(StoreProblemOf).FirstOrDefault(one => one is not null),
        null => null,
        _ => StoreProblemOf(error.InnerException),
    };

    /// <summary>Validates the options of all parts at once, instead of failing at the first that is used.</summary>
    /// <exception cref="OptionsValidationException">Some are invalid; it has every error.</exception>
    public static THost CheckSettings<THost>(this THost host)
        where THost : IHost
    {
        host.Services.GetService<IStartupValidator>()?.Validate();
        return host;
    }

    private static IEnumerable<string> Problems(Exception error) => error switch
    {
        OptionsValidationException wrong => wrong.Failures,
        AggregateException several => several.InnerExceptions.SelectMany(Problems),
        // The binder's, for a value of another type; it stops at the first.
        InvalidOperationException { Source: "Microsoft.Extensions.Configuration.Binder" } => [error.Message],
        _ => [],
    };
}
