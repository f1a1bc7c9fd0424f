using ImageAspire.Core.Ports;

namespace ImageAspire.Api.Reports;

/// <summary>Verifies the audit log once at a time: it reads all of it.</summary>
internal sealed class AuditVerifier(IAuditLog log) : IDisposable
{
    private readonly SemaphoreSlim _verifying = new(1, 1);

    /// <summary>Verifies the log; null while another verification runs.</summary>
    /// <param name="earlier">A head that it must still contain, or null.</param>
    /// <param name="cancellationToken">Cancels the verification.</param>
    public async Task<AuditVerification?> TryVerifyAsync(AuditHead? earlier, CancellationToken cancellationToken)
    {
        if (!_verifying.Wait(0, CancellationToken.None))
            return null;
        try
        {
            return await log.VerifyAsync(earlier, cancellationToken);
        }
        finally
        {
            _verifying.Release();
        }
    }

    public void Dispose() => _verifying.Dispose();
}
