using System.Diagnostics;
using ImageAspire.Dashboard.Resources;

namespace ImageAspire.AppHost.Embedded;

/// <summary>Measures what the processes on the board use, every two seconds.</summary>
internal sealed class ProcessWatch(ResourceBoard board, TimeProvider time)
{
    private const long MemoryStep = 100 * 1024; // finer would change the page all the time, and tell nobody anything
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);
    private readonly Dictionary<string, Sample> _last = [];

    /// <summary>Measures until it is cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        try
        {
            while (await timer.WaitForNextTickAsync(cancellationToken))
            {
                foreach (var resource in board.List())
                    Measure(resource);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The end.
        }
    }

    internal void Measure(Resource resource)
    {
        if (resource.ProcessId is not { } id || Take(id) is not { } sample)
        {
            _last.Remove(resource.Name);
            return;
        }

        double? cpu = null;
        if (_last.TryGetValue(resource.Name, out var before) && before.Process == id)
            cpu = Math.Round((sample.Processor - before.Processor) / time.GetElapsedTime(before.At, sample.At), 2);
        _last[resource.Name] = sample;
        board.Update(resource, now => now.ProcessId != id ? now : now with { Cpu = cpu, MemoryBytes = sample.Memory / MemoryStep * MemoryStep });
    }

    private Sample? Take(int id)
    {
        try
        {
            using var process = Process.GetProcessById(id);
            return new Sample(id, time.GetTimestamp(), process.TotalProcessorTime, process.WorkingSet64);
        }
        catch (Exception error) when (error is ArgumentException or InvalidOperationException or System.ComponentModel.Win32Exception)
        {
            return null; // it has just ended; the supervisor says so
        }
    }

    private readonly record struct Sample(int Process, long At, TimeSpan Processor, long Memory);
}
