using ImageAspire.Dashboard.Access;
using Microsoft.AspNetCore.Http;

namespace ImageAspire.Dashboard.Components;

/// <summary>What pages know about the request that they are rendered for.</summary>
/// <param name="accessor">The request.</param>
/// <param name="time">The clock; its time zone is the one of this machine, where the browser is too.</param>
internal sealed class PageContext(IHttpContextAccessor accessor, TimeProvider time)
{
    /// <summary>The request.</summary>
    public HttpContext Http => accessor.HttpContext ?? throw new InvalidOperationException("Pages are rendered for requests only.");

    /// <summary>Path and query of the page.</summary>
    public string Address => Http.Request.Path + Http.Request.QueryString;

    /// <summary>Value of the hidden field that every POST form must have; see <c>FormToken.razor</c>.</summary>
    public string FormToken => Http.Features.Get<Session>()?.FormToken ?? "";

    /// <summary>Whether only what is marked data-live is wanted: about once a second, from every page that somebody looks at.</summary>
    public bool IsRefresh => Http.Request.Headers["X-Live"] == "1";

    /// <summary>How it should look.</summary>
    public ColorTheme Theme => ThemeChoice.Of(Http);

    /// <summary>
    /// Answers 404 with the page that is being rendered. Set at the last moment: a page whose status is 404 while it is rendered is not
    /// sent at all.
    /// </summary>
    public void AnswerNotFound()
    {
        var response = Http.Response;
        response.OnStarting(() =>
        {
            response.StatusCode = StatusCodes.Status404NotFound;
            return Task.CompletedTask;
        });
    }

    /// <summary>A moment in the time zone of this machine.</summary>
    public DateTimeOffset Local(DateTimeOffset moment) => TimeZoneInfo.ConvertTime(moment, time.LocalTimeZone);
}
