using ImageAspire.Tests.Browser;
using ImageAspire.Tests.EndToEnd;
using Xunit.Sdk;
using Xunit.v3;

[assembly: TestCollectionOrderer(typeof(ImageAspire.Tests.LongestFirst))]

namespace ImageAspire.Tests;

/// <summary>Collections of many classes begin first: each runs its tests one after the other, and one that began last would keep a processor idle at the end.</summary>
public sealed class LongestFirst : ITestCollectionOrderer
{
    private static readonly string[] Long = [WholeSystem.Name, BrowserTests.Name, OperationsPages.Name, WholeAzureSystem.Name];

    public IReadOnlyCollection<TTestCollection> OrderTestCollections<TTestCollection>(IReadOnlyCollection<TTestCollection> testCollections)
        where TTestCollection : ITestCollection =>
        [.. testCollections.OrderByDescending(one => Long.Contains(one.TestCollectionDisplayName))
            .ThenBy(one => Array.IndexOf(Long, one.TestCollectionDisplayName)).ThenBy(one => one.TestCollectionDisplayName, StringComparer.Ordinal)];
}
