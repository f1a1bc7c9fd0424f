using System.Globalization;
using Microsoft.Extensions.Options;

namespace ImageAspire.Api.Reports;

/// <summary>
/// Prices and assumptions of the cost estimate (configuration section <c>Prices</c>). The defaults are those of docs/deploy.md, with their
/// dates and sources. A price that is set replaces the default as a whole, so that no old date stands beside a new amount.
/// </summary>
internal sealed class PricesOptions
{
    /// <summary>Name of the section.</summary>
    public const string Section = "Prices";

    /// <summary>Currency of the prices, ISO 4217. The defaults are in USD and are left out when this is another one.</summary>
    public string Currency { get; set; } = PriceTable.DefaultCurrency;

    /// <summary>Prices by name, see <see cref="PriceTable.Units"/>.</summary>
    public IDictionary<string, PriceOptions> Items { get; } = new Dictionary<string, PriceOptions>();

    /// <summary>Instances of the Api; each takes every event.</summary>
    public int ApiReplicas { get; set; } = 1;

    /// <summary>How often an image is viewed in a month.</summary>
    public double ViewsPerImage { get; set; } = 10;

    /// <summary>Bytes of an image's thumbnails together.</summary>
    public long ThumbnailBytes { get; set; } = 250_000;

    /// <summary>Seconds that the Worker is active for an image.</summary>
    public double WorkerSecondsPerImage { get; set; } = 3;

    /// <summary>Seconds that the Api is active for an image.</summary>
    public double ApiSecondsPerImage { get; set; } = 1;

    /// <summary>Bytes of logs, traces and metrics of an image.</summary>
    public long LogBytesPerImage { get; set; } = 30_000;

    internal sealed class Validator : IValidateOptions<PricesOptions>
    {
        public ValidateOptionsResult Validate(string? name, PricesOptions options)
        {
            var errors = new List<string>();
            if (options.Currency is not { Length: 3 } || !options.Currency.All(char.IsAsciiLetterUpper))
                errors.Add($"{Section}:Currency is '{options.Currency}'; it must be three capital letters, for example USD.");
            Check(errors, nameof(ApiReplicas), options.ApiReplicas, 1, 1000);
            Check(errors, nameof(ViewsPerImage), options.ViewsPerImage, 0, 1e6);
            Check(errors, nameof(ThumbnailBytes), options.ThumbnailBytes, 0, 1e9);
            Check(errors, nameof(WorkerSecondsPerImage), options.WorkerSecondsPerImage, 0, 3600);
            Check(errors, nameof(ApiSecondsPerImage), options.ApiSecondsPerImage, 0, 3600);
            Check(errors, nameof(LogBytesPerImage), options.LogBytesPerImage, 0, 1e9);
            foreach (var (item, price) in options.Items)
                Check(errors, item, price);
            return errors.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(errors);
        }

        private static void Check(List<string> errors, string item, PriceOptions price)
        {
            var at = $"{Section}:Items:{item}";
            if (!PriceTable.Units.ContainsKey(item))
                errors.Add($"{at} is not a price that is known here; known are {string.Join(", ", PriceTable.Units.Keys)}.");
            if (price.Amount is null or < 0 or > 1_000_000)
                errors.Add($"{at}:Amount is {price.Amount?.ToString(CultureInfo.InvariantCulture) ?? "missing"}; it must be from 0 to 1000000.");
            if (price.Date is null)
                errors.Add($"{at}:Date is missing; a price is only meaningful with the day it was looked up, for example 2026-03-01.");
        }

        private static void Check(List<string> errors, string key, double value, double min, double max)
        {
            if (!(value >= min && value <= max))
                errors.Add(string.Create(CultureInfo.InvariantCulture, $"{Section}:{key} is {value}; it must be from {min} to {max}."));
        }
    }
}

/// <summary>One price; its unit is that of <see cref="PriceTable.Units"/>.</summary>
internal sealed class PriceOptions
{
    /// <summary>The amount, in the currency of the table.</summary>
    public decimal? Amount { get; set; }

    /// <summary>When the price was looked up.</summary>
    public DateOnly? Date { get; set; }

    /// <summary>Its source: a page, a region.</summary>
    public string Source { get; set; } = "configuration";
}
