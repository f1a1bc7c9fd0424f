using ImageAspire.Core.Alarms;

namespace ImageAspire.Core.Ports;

/// <summary>The alarms: one small document.</summary>
public interface IAlarmStore
{
    /// <summary>The document; <see cref="AlarmBook.Empty"/> before the first alarm.</summary>
    Task<AlarmBook> ReadAsync(CancellationToken cancellationToken);

    /// <summary>Stores the document, durably, in the place of the version before it; of several callers with the same version exactly one succeeds. Version 1 is the first.</summary>
    /// <returns>False when the stored version is not the one before; nothing was written.</returns>
    Task<bool> SaveAsync(AlarmBook book, CancellationToken cancellationToken);
}
