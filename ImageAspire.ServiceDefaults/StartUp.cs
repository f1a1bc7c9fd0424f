using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace ImageAspire.ServiceDefaults;

/// <summary>Runs a service, unless its settings are wrong: then they are named, a line each, and nothing else is said.</summary>
public static class StartUp
{
    /// <summary>The exit code of a service whose settings are wrong; starting it again will not help.</summary>
    public const int SettingsAreWrong = 1;

    /// <summary>Builds a host and runs it to its end.</summary>
    /// <param name="build">Builds it; calls <see cref="CheckSettings{THost}"/> before anything reads the settings.</param>
    /// <returns>0, or <see cref="SettingsAreWrong"/>.</returns>
    public static async Task<int> RunAsync(Func<IHost> build)
    {
        ArgumentNullException.ThrowIfNull(build);
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

        var stopping = host.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping;
        try
        {
            await host.RunAsync();
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // Asked to stop before it had started.
        }

        return 0;
    }

    /// <summary>Looks at every setting that is checked at the start, of all parts, and not only at the first that is asked for.</summary>
    /// <exception cref="OptionsValidationException">Some are wrong.</exception>
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
