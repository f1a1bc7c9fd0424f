using System.Diagnostics;
using System.Runtime.InteropServices;

namespace ImageAspire.AppHost.Embedded;

/// <summary>One run of a service.</summary>
internal interface IServiceProcess : IDisposable
{
    /// <summary>The system's number for it.</summary>
    int Id { get; }

    /// <summary>How it ended; only after it has.</summary>
    int ExitCode { get; }

    /// <summary>Returns when it has ended.</summary>
    Task WaitForExitAsync();

    /// <summary>Asks it to come to an end.</summary>
    void AskToStop();

    /// <summary>Ends it at once.</summary>
    void Kill();
}

/// <summary>A process of this machine.</summary>
internal sealed partial class ServiceProcess : IServiceProcess
{
    private const int SigTerm = 15;
    private readonly Process _process;

    private ServiceProcess(Process process) => _process = process;

    public int Id => _process.Id;

    public int ExitCode => _process.ExitCode;

    /// <summary>Starts it. Its standard input is held open: when this program dies, in whatever way, the service sees the end and stops.</summary>
    public static IServiceProcess Start(Service service, Action<string, bool> onLine)
    {
        // `dotnet run` says which dotnet it is; it need not be on the path.
        var start = new ProcessStartInfo(service.Program ?? Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet")
        {
            UseShellExecute = false, RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true,
            WorkingDirectory = Path.GetDirectoryName(service.Assembly)!,
        };
        if (service.Program is null)
            start.ArgumentList.Add("exec");
        start.ArgumentList.Add(service.Assembly);
        ForgetLaunchProfile(start.Environment);
        foreach (var (key, value) in service.Environment)
            start.Environment[key] = value;
        start.Environment["IMAGEASPIRE_STOP_WITH_PARENT"] = "1";
        var process = new Process { StartInfo = start };
        process.OutputDataReceived += (_, line) => Tell(line.Data, false);
        process.ErrorDataReceived += (_, line) => Tell(line.Data, true);
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return new ServiceProcess(process);

        void Tell(string? line, bool isError)
        {
            if (line is not null)
                onLine(line, isError);
        }
    }

    /// <summary>
    /// <c>dotnet run</c> applies the launch profile of the Azure edition's AppHost, which would have the services run as on a developer's
    /// desk and listen at the address of Aspire's dashboard.
    /// </summary>
    internal static void ForgetLaunchProfile(IDictionary<string, string?> environment)
    {
        if (!environment.Remove("DOTNET_LAUNCH_PROFILE"))
            return;
        foreach (var key in (string[])["ASPNETCORE_URLS", "ASPNETCORE_ENVIRONMENT", "DOTNET_ENVIRONMENT"])
            environment.Remove(key);
    }

    public Task WaitForExitAsync() => _process.WaitForExitAsync(CancellationToken.None);

    /// <summary>SIGTERM, or the end of its standard input where there are no signals.</summary>
    public void AskToStop()
    {
        if (OperatingSystem.IsWindows())
            _process.StandardInput.Close();
        else if (!_process.HasExited)
            _ = SendSignal(_process.Id, SigTerm); // gone already: then there is nobody to ask
    }

    public void Kill()
    {
        try
        {
            _process.Kill(entireProcessTree: true);
        }
        catch (InvalidOperationException)
        {
            // It has ended by itself.
        }
    }

    public void Dispose() => _process.Dispose();

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int SendSignal(int pid, int signal);
}
