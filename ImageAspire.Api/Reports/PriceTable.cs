namespace ImageAspire.Api.Reports;

/// <summary>The unit of a price.</summary>
/// <param name="Per">How many units the price is for.</param>
/// <param name="Unit">Name of the unit.</param>
internal sealed record PriceUnit(double Per, string Unit);

/// <summary>A price with its day and source.</summary>
/// <param name="Amount">The amount.</param>
/// <param name="Date">When the price was looked up.</param>
/// <param name="Source">Source of the price.</param>
internal sealed record Price(decimal Amount, DateOnly Date, string Source);

/// <summary>The prices of the estimate and their defaults, those of docs/deploy.md with their sources.</summary>
internal static class PriceTable
{
    /// <summary>Currency of the defaults.</summary>
    public const string DefaultCurrency = "USD";

    internal const string Messages = "messages";
    internal const string BlobWrites = "blob-writes";
    internal const string BlobReads = "blob-reads";
    internal const string BlobStored = "blob-stored";
    internal const string VisionSeen = "vision-tags-objects-people";
    internal const string VisionRead = "vision-caption-text";
    internal const string DocumentWrites = "document-writes";
    internal const string Processor = "processor";
    internal const string Memory = "memory";
    internal const string Requests = "requests";
    internal const string Logs = "logs";

    private const string Infracost = "infracost test data";

    /// <summary>Every price by name.</summary>
    public static IReadOnlyDictionary<string, PriceUnit> Units { get; } = new Dictionary<string, PriceUnit>
    {
        [Messages] = new(1_000_000, "operations of Service Bus"), [BlobWrites] = new(10_000, "writes"), [BlobReads] = new(10_000, "reads and others"),
        [BlobStored] = new(1, "GB in a month"), [VisionSeen] = new(1_000, "transactions"), [VisionRead] = new(1_000, "transactions"),
        [DocumentWrites] = new(1_000_000, "writes"), [Processor] = new(1, "vCPU-seconds"), [Memory] = new(1, "GiB-seconds"),
        [Requests] = new(1_000_000, "requests"), [Logs] = new(1, "GB"),
    };

    /// <summary>The defaults. Vision and MongoDB have none: theirs must be looked up for the region and the cluster.</summary>
    internal static IReadOnlyDictionary<string, Price> Defaults { get; } = new Dictionary<string, Price>
    {
        [Messages] = new(0.80m, new DateOnly(2024, 7, 1), $"West Europe, above 13 million a month; {Infracost}"),
        [BlobWrites] = new(0.055m, new DateOnly(2024, 7, 1), $"West US, hot, LRS; {Infracost}"),
        [BlobReads] = new(0.0044m, new DateOnly(2024, 7, 1), $"West US, hot, LRS; {Infracost}"),
        [BlobStored] = new(0.0208m, new DateOnly(2024, 7, 1), $"West US, hot, LRS; {Infracost}"),
        [Processor] = new(0.000034m, new DateOnly(2026, 1, 22), $"West Europe, active; {Infracost}"),
        [Memory] = new(0.000004m, new DateOnly(2026, 1, 22), $"West Europe, active; {Infracost}"),
        [Requests] = new(0.56m, new DateOnly(2026, 1, 22), $"West Europe; {Infracost}"),
        [Logs] = new(2.99m, new DateOnly(2024, 8, 30), $"West Europe; {Infracost}"),
    };

    /// <summary>The price of a name; null when there is none.</summary>
    internal static Price? Of(PricesOptions options, string name) =>
        options.Items.TryGetValue(name, out var set) ? new Price(set.Amount!.Value, set.Date!.Value, set.Source)
            : options.Currency == DefaultCurrency ? Defaults.GetValueOrDefault(name) : null;
}
