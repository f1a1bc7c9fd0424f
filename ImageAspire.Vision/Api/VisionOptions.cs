using System.Globalization;
using Microsoft.Extensions.Options;

namespace ImageAspire.Vision.Api;

/// <summary>Settings of the service (configuration section <c>Vision</c>).</summary>
internal sealed class VisionOptions
{
    public const string Section = "Vision";

    private const int LeastKey = 8, MostKey = 512;

    /// <summary>The key that requests need: 8 to 512 printable ASCII characters, without spaces.</summary>
    public string Key { get; set; } = "";

    /// <summary>Most requests that wait or run, 1–1000; more are answered with 503.</summary>
    public int Queue { get; set; } = 16;

    /// <summary>Most images that are looked at at the same time, 1–256, each by one thread. Default: the number of cores.</summary>
    public int AtOnce { get; set; } = Environment.ProcessorCount;

    /// <summary>Time limit of one analysis, without its wait in the queue.</summary>
    public TimeSpan TimeLimit { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>Folder of the models; empty for the one beside the program.</summary>
    public string Models { get; set; } = "";

    /// <summary>The same for work that is done one after the other.</summary>
    public VisionOptions OneAtATime() => new() { AtOnce = 1, Queue = Queue, TimeLimit = TimeLimit };

    internal sealed class Validator : IValidateOptions<VisionOptions>
    {
        public ValidateOptionsResult Validate(string? name, VisionOptions options)
        {
            List<string> problems = [];
            // The value is a secret, and not a part of the message.
            if (options.Key.Length is < LeastKey or > MostKey || options.Key.Any(c => c is <= ' ' or > '~'))
                problems.Add($"{Section}:{nameof(Key)} must have {LeastKey} to {MostKey} printable ASCII characters, without spaces (environment variable Vision__Key).");
            Check(problems, options.Queue is >= 1 and <= 1000, nameof(Queue), "a whole number from 1 to 1000", options.Queue);
            Check(problems, options.AtOnce is >= 1 and <= 256, nameof(AtOnce), "a whole number from 1 to 256", options.AtOnce);
            Check(problems, options.TimeLimit >= TimeSpan.FromMilliseconds(100) && options.TimeLimit <= TimeSpan.FromMinutes(5), nameof(TimeLimit),
                "between 00:00:00.1 and 00:05:00", options.TimeLimit);
            return problems.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(problems);
        }

        private static void Check(List<string> problems, bool isRight, string key, string rule, object value)
        {
            if (!isRight)
                problems.Add(string.Create(CultureInfo.InvariantCulture, $"{Section}:{key} is {value}; it must be {rule}."));
        }
    }
}
