namespace ImageAspire.Vision.Api;

/// <summary>Whether the models are loaded, and every engine has run once.</summary>
internal sealed class Readiness
{
    private volatile bool _isReady;

    public bool IsReady => _isReady;

    public void Set() => _isReady = true;

    /// <exception cref="ApiException">503: not yet.</exception>
    public void Check()
    {
        if (!_isReady)
            throw new ApiException(ApiError.Starting);
    }
}
