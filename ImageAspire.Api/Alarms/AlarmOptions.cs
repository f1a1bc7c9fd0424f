using Microsoft.Extensions.Options;

namespace ImageAspire.Api.Alarms;

/// <summary>When alarms are raised (configuration section <c>Alarms</c>). Zero means: no alarm of this kind.</summary>
public sealed class AlarmOptions
{
    internal const string Section = "Alarms";

    /// <summary>How often the system is looked at.</summary>
    public TimeSpan Interval { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How long messages wait without a Worker.</summary>
    public TimeSpan NoWorker { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How long a process does not reach what it needs.</summary>
    public TimeSpan DependencyAway { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How long the oldest message of a stage waits.</summary>
    public TimeSpan OldestWaiting { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>Dead letters of a stage.</summary>
    public int DeadLetters { get; set; } = 1;

    /// <summary>Per cent of the disk that are free: with less there is an alarm.</summary>
    public int DiskFreePercent { get; set; } = 5;

    /// <summary>Per cent of images that fail, of those that were analyzed or failed within ten minutes.</summary>
    public int ErrorRatePercent { get; set; } = 20;

    /// <summary>Fewer images than these within ten minutes have no error rate.</summary>
    public int ErrorRateImages { get; set; } = 10;

    /// <summary>Damaged originals that the scrub has found.</summary>
    public int DamagedOriginals { get; set; } = 1;

    /// <summary>How long the cause of an alarm must be away before it is over: what comes and goes is one alarm.</summary>
    public TimeSpan EndAfter { get; set; } = TimeSpan.FromSeconds(30);

    internal sealed class Validator : IValidateOptions<AlarmOptions>
    {
        private static readonly TimeSpan Most = TimeSpan.FromDays(7);

        public ValidateOptionsResult Validate(string? name, AlarmOptions options)
        {
            var errors = new List<string>();
            if (options.Interval < TimeSpan.FromMilliseconds(100) || options.Interval > TimeSpan.FromMinutes(10))
                errors.Add($"{Section}:{nameof(Interval)} is {options.Interval}; it must be a time from 00:00:00.1 to 00:10:00.");
            foreach (var (key, time) in (ReadOnlySpan<(string, TimeSpan)>)[(nameof(NoWorker), options.NoWorker), (nameof(DependencyAway), options.DependencyAway),
                (nameof(OldestWaiting), options.OldestWaiting), (nameof(EndAfter), options.EndAfter)])
            {
                if (time < TimeSpan.Zero || time > Most)
                    errors.Add($"{Section}:{key} is {time}; it must be a time from 00:00:00 to {Most}.");
            }

            foreach (var (key, percent) in (ReadOnlySpan<(string, int)>)[(nameof(DiskFreePercent), options.DiskFreePercent), (nameof(ErrorRatePercent), options.ErrorRatePercent)])
            {
                if (percent is < 0 or > 100)
                    errors.Add($"{Section}:{key} is {percent}; it must be a whole number from 0 to 100.");
            }

            foreach (var (key, count) in (ReadOnlySpan<(string, int)>)[(nameof(DeadLetters), options.DeadLetters), (nameof(ErrorRateImages), options.ErrorRateImages),
                (nameof(DamagedOriginals), options.DamagedOriginals)])
            {
                if (count < 0)
                    errors.Add($"{Section}:{key} is {count}; it must be a whole number, 0 or more.");
            }

            return errors.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(errors);
        }
    }
}
