"""The node types. One file here makes a new one: see `flows/nodes/base.py` for what it holds."""

from flows.nodes.base import Node
from flows.nodes.discovery import NodeTypeError, discover

NODE_TYPES: tuple[type[Node], ...] = discover(__path__, __name__)
"""Every node type, in the order of the editor's palette."""

__all__ = ["NODE_TYPES", "Node", "NodeTypeError", "discover"]
