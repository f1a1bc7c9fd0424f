using ImageAspire.Core.Events;

namespace ImageAspire.Core.Stores;

/// <summary>The day on which reports count an event, the same with every store.</summary>
public static class ReportDay
{
    /// <summary>The day of its time, UTC; of an image that was restored from the trash the day of the deletion, which no longer counts.</summary>
    public static DateOnly Of(ImageEvent e)
    {
        ArgumentNullException.ThrowIfNull(e);
        return DateOnly.FromDateTime((e.Data.DeletedAt ?? e.Time).UtcDateTime);
    }
}
