using ImageAspire.Core.Events;
using ImageAspire.Core.Pipeline;
using ImageAspire.Core.Ports;

namespace ImageAspire.Api.Reports;

/// <summary>What 1,000 images would cost in the Azure edition: an estimate, never a bill.</summary>
/// <param name="Estimate">Always true.</param>
/// <param name="Images">The estimate is for so many: 1,000.</param>
/// <param name="Currency">ISO 4217.</param>
/// <param name="Total">Sum of the lines; absent while one of them has no price.</param>
/// <param name="From">First day of what was measured, UTC.</param>
/// <param name="To">Last day.</param>
/// <param name="ImagesMeasured">Images received in these days; with 0 size and analyses are assumed.</param>
/// <param name="AverageBytes">Of an image.</param>
/// <param name="AnalysesPerImage">More than one when images are analyzed again.</param>
/// <param name="OldestPrice">The day of the oldest price used; absent when no line has a price.</param>
/// <param name="Lines">What is counted, line by line.</param>
/// <param name="LeftOut">What is not in it.</param>
public sealed record CostEstimate(
    bool Estimate, int Images, string Currency, decimal? Total, DateOnly From, DateOnly To, long ImagesMeasured, double AverageBytes, double AnalysesPerImage,
    DateOnly? OldestPrice, IReadOnlyList<CostLine> Lines, string LeftOut);

/// <summary>One line.</summary>
/// <param name="Name">Name of the price, as in the section Prices:Items.</param>
/// <param name="Basis">measured, known (from what the pipeline does with every image) or assumed (a setting).</param>
/// <param name="Quantity">For 1,000 images, in units.</param>
/// <param name="Unit">What is counted.</param>
/// <param name="Price">Price for <c>Per</c> units; absent when none is set.</param>
/// <param name="Per">For so many units.</param>
/// <param name="Amount">Quantity times price; absent without a price.</param>
/// <param name="Date">When the price was looked up.</param>
/// <param name="Source">Where.</param>
public sealed record CostLine(
    string Name, string Basis, double Quantity, string Unit, decimal? Price, double Per, decimal? Amount, DateOnly? Date, string? Source);

/// <summary>Counts the operations of an image and multiplies them with prices. Where the numbers come from: docs/deploy.md, "What it costs".</summary>
internal static class CostCalculation
{
    private const int Images = 1_000;
    private const double AssumedBytes = 700_000;

    // The original, and thumbnails of two sizes in two formats.
    private const int BlobWrites = 5;

    // Two stages and every view read a blob, each with one read of its properties.
    private const int StageReads = 2;
    private const int CallsPerRead = 2;

    // One write of the record and one that clears its outbox, for each of the events; and one for each listener with a store.
    private const int DocumentWritesPerEvent = 4;

    private const double Processors = 0.5;
    private const double GibibytesOfMemory = 1;
    private const double Gigabyte = 1e9;

    public static CostEstimate Of(IReadOnlyList<DailyReport> days, DateOnly from, DateOnly to, PricesOptions options)
    {
        var images = days.Sum(day => day.Received);
        var bytes = images > 0 ? (double)days.Sum(day => day.Bytes) / images : AssumedBytes;
        var analyses = images > 0 ? (double)days.Sum(day => day.Analyzed) / images : 1;
        var events = 1 + 2 * analyses; // received once; inspected and analyzed for each analysis
        var messages = Messages(ImageEventTypes.Received, options) + analyses * (Messages(ImageEventTypes.Inspected, options) + Messages(ImageEventTypes.Analyzed, options));
        var seconds = options.ApiSecondsPerImage + options.WorkerSecondsPerImage;
        CostLine[] lines =
        [
            Line(PriceTable.VisionSeen, "measured", 3 * analyses), Line(PriceTable.VisionRead, "measured", 2 * analyses),
            Line(PriceTable.Messages, "measured", messages),
            Line(PriceTable.BlobWrites, "known", BlobWrites), Line(PriceTable.BlobReads, "assumed", CallsPerRead * (StageReads + options.ViewsPerImage)),
            Line(PriceTable.BlobStored, images > 0 ? "measured" : "assumed", (bytes + options.ThumbnailBytes) / Gigabyte),
            Line(PriceTable.DocumentWrites, "known", DocumentWritesPerEvent * events),
            Line(PriceTable.Processor, "assumed", Processors * seconds), Line(PriceTable.Memory, "assumed", GibibytesOfMemory * seconds),
            Line(PriceTable.Requests, "assumed", 1 + options.ViewsPerImage), Line(PriceTable.Logs, "assumed", options.LogBytesPerImage / Gigabyte),
        ];
        return new CostEstimate(true, Images, options.Currency, lines.All(line => line.Amount is not null) ? lines.Sum(line => line.Amount) : null, from, to, images, Math.Round(bytes), Math.Round(analyses, 3),
            lines.Min(line => line.Date), lines,
            "What is paid by the month whether or not images come (Service Bus's base price, the Api's idle replica, the registry, the MongoDB cluster), free allowances, and traffic out.");

        CostLine Line(string name, string basis, double perImage)
        {
            var (unit, price) = (PriceTable.Units[name], PriceTable.Of(options, name));
            var quantity = perImage * Images;
            decimal? amount = price is null ? null : Math.Round((decimal)(quantity / unit.Per) * price.Amount, 6);
            return new CostLine(name, images > 0 || basis != "measured" ? basis : "assumed", Math.Round(quantity, 6), unit.Unit, price?.Amount, unit.Per, amount, price?.Date, price?.Source);
        }
    }

    // One operation to publish, two for each subscription that takes it (receive, complete), one for each Api's own, which takes it with the receipt.
    private static int Messages(string type, PricesOptions options) =>
        1 + 2 * StageCatalog.Subscriptions.Count(one => one.Types?.Contains(type) != false) + options.ApiReplicas;
}
