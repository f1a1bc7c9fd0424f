using ImageAspire.Core.Webhooks;
using Microsoft.Extensions.Options;

namespace ImageAspire.Webhooks;

/// <summary>How webhooks are sent (configuration section <c>Webhooks</c>).</summary>
internal sealed class WebhookOptions
{
    public const string Section = WebhookAddressOptions.Section;

    /// <summary>Time limit of one attempt, from the name's resolution to the end of the response.</summary>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Attempts of one delivery before it fails, 1–20.</summary>
    public int Tries { get; set; } = 8;

    /// <summary>Time between the first and the last attempt.</summary>
    public TimeSpan RetryWindow { get; set; } = TimeSpan.FromHours(24);

    /// <summary>Concurrent deliveries in this process, 1–1,000.</summary>
    public int Concurrency { get; set; } = 100;

    /// <summary>The same, to one webhook; after a failed attempt it gets one at a time.</summary>
    public int ConcurrencyPerWebhook { get; set; } = 4;

    /// <summary>How often the store is asked for due deliveries.</summary>
    public TimeSpan Poll { get; set; } = TimeSpan.FromSeconds(1);

    internal sealed class Validator : IValidateOptions<WebhookOptions>
    {
        public ValidateOptionsResult Validate(string? name, WebhookOptions options)
        {
            var errors = new List<string>();
            Check(errors, options.Tries is >= 1 and <= 20, nameof(Tries), "a whole number from 1 to 20", options.Tries);
            Check(errors, options.Concurrency is >= 1 and <= 1000, nameof(Concurrency), "a whole number from 1 to 1000", options.Concurrency);
            Check(errors, options.ConcurrencyPerWebhook is >= 1 and <= 100, nameof(ConcurrencyPerWebhook), "a whole number from 1 to 100", options.ConcurrencyPerWebhook);
            Time(errors, nameof(Timeout), options.Timeout, TimeSpan.FromMinutes(1));
            Time(errors, nameof(RetryWindow), options.RetryWindow, TimeSpan.FromDays(7));
            Time(errors, nameof(Poll), options.Poll, TimeSpan.FromMinutes(1));
            return errors.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(errors);
        }

        private static void Time(List<string> errors, string key, TimeSpan value, TimeSpan most) =>
            Check(errors, value >= TimeSpan.FromMilliseconds(10) && value <= most, key, $"a time from 00:00:00.010 to {most}", value);

        private static void Check(List<string> errors, bool good, string key, string wanted, object value)
        {
            if (!good)
                errors.Add($"{Section}:{key} is {value}; it must be {wanted}.");
        }
    }
}
