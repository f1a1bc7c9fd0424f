using Microsoft.AspNetCore.Http;

namespace ImageAspire.Vision.Api;

/// <summary>Lets only requests with the key through.</summary>
internal sealed class KeyFilter(VisionKey key) : IEndpointFilter
{
    /// <exception cref="ApiException">401.</exception>
    public ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next) =>
        key.Is(context.HttpContext.Request.Headers[VisionKey.Header]) ? next(context) : throw new ApiException(ApiError.Unauthorized);
}
