using ImageAspire.Dashboard.Telemetry;

namespace ImageAspire.Dashboard.Components.Traces;

/// <summary>A span's place in the tree.</summary>
/// <param name="Index">Which of the given spans it is.</param>
/// <param name="Depth">How deep it is.</param>
/// <param name="Parent">Position of its parent in <see cref="SpanTree.Order"/>; -1 for none.</param>
/// <param name="ParentIsMissing">It names a parent that cannot be shown above it.</param>
internal readonly record struct SpanNode(int Index, int Depth, int Parent, bool ParentIsMissing);

/// <summary>Who is below whom.</summary>
/// <param name="Order">Parents before their children, siblings in order of start.</param>
/// <param name="Descendants">How many are below each, in the same order.</param>
internal sealed record SpanTree(IReadOnlyList<SpanNode> Order, IReadOnlyList<int> Descendants)
{
    /// <summary>Builds it from what was sent, whatever that was.</summary>
    public static SpanTree Of(IReadOnlyList<Span> spans)
    {
        var byId = new Dictionary<SpanId, int>(spans.Count);
        for (var index = 0; index < spans.Count; index++)
            byId.TryAdd(spans[index].SpanId, index); // an id that is there twice: the first one has the children

        var children = new List<int>?[spans.Count];
        var roots = new List<int>();
        for (var index = 0; index < spans.Count; index++)
        {
            if (byId.TryGetValue(spans[index].ParentId, out var parent) && parent != index && !spans[index].ParentId.IsEmpty)
                (children[parent] ??= []).Add(index);
            else
                roots.Add(index);
        }

        int ByStart(int one, int other) => (spans[one].Start, one).CompareTo((spans[other].Start, other));
        roots.Sort(ByStart);
        foreach (var list in children)
            list?.Sort(ByStart);

        var order = new List<SpanNode>(spans.Count);
        var seen = new bool[spans.Count];
        foreach (var root in roots)
            Walk(root, !spans[root].ParentId.IsEmpty, children, seen, order);
        // Whoever was not reached is in a circle: it is opened at its earliest span.
        foreach (var index in Enumerable.Range(0, spans.Count).Where(index => !seen[index]).Order(Comparer<int>.Create(ByStart)))
        {
            if (!seen[index])
                Walk(index, true, children, seen, order);
        }

        return new SpanTree(order, Count(order));
    }

    private static void Walk(int root, bool parentIsMissing, List<int>?[] children, bool[] seen, List<SpanNode> order)
    {
        var stack = new Stack<SpanNode>();
        stack.Push(new SpanNode(root, 0, -1, parentIsMissing));
        while (stack.TryPop(out var node))
        {
            if (seen[node.Index])
                continue;
            seen[node.Index] = true;
            var position = order.Count;
            order.Add(node);
            var list = children[node.Index];
            for (var child = (list?.Count ?? 0) - 1; child >= 0; child--)
                stack.Push(new SpanNode(list![child], node.Depth + 1, position, false));
        }
    }

    private static int[] Count(List<SpanNode> order)
    {
        var counts = new int[order.Count];
        for (var position = order.Count - 1; position >= 0; position--)
        {
            if (order[position].Parent >= 0)
                counts[order[position].Parent] += counts[position] + 1;
        }

        return counts;
    }
}
