using System.Globalization;
using Microsoft.Extensions.Options;

namespace ImageAspire.Worker;

/// <summary>Settings of the Worker (configuration section <c>Worker</c>).</summary>
internal sealed class WorkerOptions
{
    public const string Section = "Worker";

    private const long MinScrubRate = 4_096, MaxScrubRate = 1L << 40;

    /// <summary>How many messages of one stage are handled at once in this process, 1–256; default: the number of cores.</summary>
    public int Concurrency { get; set; } = Environment.ProcessorCount;

    /// <summary>How long one attempt of a stage may take.</summary>
    public TimeSpan StageTimeLimit { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>After so many attempts a stage gives up, 1–100.</summary>
    public int Attempts { get; set; } = 5;

    /// <summary>Longest wait before the second attempt; it doubles with each further one.</summary>
    public TimeSpan BackoffBase { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>Longest wait between two attempts.</summary>
    public TimeSpan BackoffCap { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>Peek-lock of a message; renewed while a stage works.</summary>
    public TimeSpan LockDuration { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>How often the sweeper looks for images whose message is lost.</summary>
    public TimeSpan SweepInterval { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>How long an image must have waited before the sweeper announces it again.</summary>
    public TimeSpan StrandedAfter { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>How often the sweeper lists all blobs to find orphans.</summary>
    public TimeSpan OrphanSweepInterval { get; set; } = TimeSpan.FromHours(1);

    /// <summary>How often the sweeper removes resumable uploads that were not continued for too long.</summary>
    public TimeSpan UploadSweepInterval { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>How old a blob without a record must be before it is removed.</summary>
    public TimeSpan OrphanAfter { get; set; } = TimeSpan.FromHours(1);

    /// <summary>How many bytes a second the scrub reads on average, from 4,096; 0 switches it off.</summary>
    public long ScrubBytesPerSecond { get; set; } = 1 << 20;

    /// <summary>The shortest time from the beginning of one pass of the scrub to the beginning of the next.</summary>
    public TimeSpan ScrubInterval { get; set; } = TimeSpan.FromDays(1);

    internal sealed class Validator : IValidateOptions<WorkerOptions>
    {
        public ValidateOptionsResult Validate(string? name, WorkerOptions options)
        {
            var errors = new List<string>();
            Check(errors, options.Concurrency is >= 1 and <= 256, nameof(Concurrency), "a whole number from 1 to 256", options.Concurrency);
            Check(errors, options.Attempts is >= 1 and <= 100, nameof(Attempts), "a whole number from 1 to 100", options.Attempts);
            Check(errors, options.ScrubBytesPerSecond is 0 or >= MinScrubRate and <= MaxScrubRate, nameof(ScrubBytesPerSecond),
                string.Create(CultureInfo.InvariantCulture, $"0 (off) or a whole number from {MinScrubRate} to {MaxScrubRate}"), options.ScrubBytesPerSecond);
            Positive(errors, nameof(ScrubInterval), options.ScrubInterval);
            Positive(errors, nameof(StageTimeLimit), options.StageTimeLimit);
            Positive(errors, nameof(BackoffBase), options.BackoffBase);
            Positive(errors, nameof(BackoffCap), options.BackoffCap);
            Positive(errors, nameof(LockDuration), options.LockDuration);
            Positive(errors, nameof(SweepInterval), options.SweepInterval);
            Positive(errors, nameof(StrandedAfter), options.StrandedAfter);
            Positive(errors, nameof(OrphanSweepInterval), options.OrphanSweepInterval);
            Positive(errors, nameof(OrphanAfter), options.OrphanAfter);
            Positive(errors, nameof(UploadSweepInterval), options.UploadSweepInterval);
            return errors.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(errors);
        }

        private static void Positive(List<string> errors, string key, TimeSpan value) =>
            Check(errors, value >= TimeSpan.FromMilliseconds(10) && value <= TimeSpan.FromDays(30), key, "a time from 00:00:00.010 to 30 days", value);

        private static void Check(List<string> errors, bool good, string key, string wanted, object value)
        {
            if (!good)
                errors.Add($"{Section}:{key} is {value}; it must be {wanted}.");
        }
    }
}
