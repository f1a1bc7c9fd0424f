namespace ImageAspire.Dashboard.Components.Live;

/// <summary>What a page shows.</summary>
[Flags]
internal enum Shown
{
    /// <summary>Nothing that changes by itself.</summary>
    Nothing = 0,

    /// <summary>The resources' states.</summary>
    Resources = 1,

    /// <summary>Traces.</summary>
    Traces = 2,

    /// <summary>Log records.</summary>
    Logs = 4,

    /// <summary>Metrics.</summary>
    Metrics = 8,

    /// <summary>Everything.</summary>
    All = Resources | Traces | Logs | Metrics,
}

/// <summary>
/// Written on a page (<c>@attribute [Shows(Shown.Traces | Shown.Logs)]</c>): which stores it is made of. While they do not change, the
/// browser's question whether there is something new, about once a second, is answered 304 without rendering. A page without it counts as
/// showing everything. What such a page writes must follow from these stores, its address, the theme and the session alone: a time
/// is written absolutely ("14:03:07.120"), never as "3 s ago".
/// <para>
/// In the markup: elements with <c>id</c> and <c>data-live</c> are kept up to date. Links and GET forms in (or with) <c>data-nav</c> are
/// followed without loading the page anew; such forms submit themselves when something in them changes. <c>data-shortcut="x"</c> presses
/// a link or button when the key x is pressed. <c>data-key="…"</c> (or an id) on the items of a list tells which is which when items
/// come and go. Scripts and styles are named by <c>EmbeddedAssets.Address</c>.
/// </para>
/// </summary>
/// <param name="shown">What it shows.</param>
[AttributeUsage(AttributeTargets.Class)]
internal sealed class ShowsAttribute(Shown shown) : Attribute
{
    /// <summary>What it shows.</summary>
    public Shown Shown { get; } = shown;
}
